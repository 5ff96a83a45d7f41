// A trainer's evening at the door of a hall without signal: on two devices, and without JavaScript.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, newPage, signIn } from './browser.mjs';
import { startDemo, startWire, until } from './server.mjs';

const SOON = 15_000;

describe('The door', () => {
  let browser, demo, wire, mine, theirs, door;

  before(async () => {
    demo = await startDemo();
    wire = await startWire(demo.baseUrl);
    browser = await launch();
    mine = await newPage(browser);
    await signIn(mine, demo.trainerLink().replace(demo.baseUrl, wire.baseUrl));
    theirs = await newPage(browser);
    await signIn(theirs, demo.officeLink());
    await mine.goto(`${wire.baseUrl}/trainer`);
    const roster = await mine.locator('main a[href$="/roster"]').first().getAttribute('href');
    door = roster.replace(/roster$/, 'check-in/1');
  });

  after(async () => {
    await browser?.close();
    await wire?.stop();
    await demo?.stop();
  });

  const count = async (page) => Number(await page.locator('#here-count').innerText());
  const counts = (page, number) => until(`${number} here`, SOON, async () => (await count(page)) === number);
  const missing = (page, nth) => page.locator('#missing .door-row').nth(nth);
  const unsent = (page) => page.locator('#unsent').innerText();

  test('keeps taps without signal, through a reload, and tells so', async () => {
    await mine.goto(wire.baseUrl + door);
    await until('the page to be kept', SOON, () => mine.evaluate(async () => {
      const kept = await (await caches.open('door-1')).keys();
      return kept.some((one) => one.url === location.href) && kept.length > 5;
    }));
    wire.cut();
    const names = [];
    for (let tap = 1; tap <= 2; tap += 1) {
      names.push(await missing(mine, 0).locator('.door-name').innerText());
      await missing(mine, 0).getByRole('button', { name: /^Check in/ }).click();
      await counts(mine, tap);
    }
    await until('word of unsent taps', SOON, async () => (await unsent(mine)).includes('2 taps are not sent yet'));
    await mine.reload();
    await counts(mine, 2);
    for (const name of names) await mine.locator('#here').getByText(name, { exact: true }).waitFor();
    await mine.getByLabel('Full name').fill('Zenobia Walk-in');
    await mine.getByRole('button', { name: 'Add and check in' }).click();
    await counts(mine, 3);
    assert.match(await unsent(mine), /3 taps are not sent yet/);
  });

  test('two devices agree once the signal is back, and nobody is lost or doubled', async () => {
    await theirs.goto(demo.baseUrl + door);
    assert.equal(await count(theirs), 0);
    // The first is the one the other device has checked in too; the last is new.
    await missing(theirs, 0).getByRole('button', { name: /^Check in/ }).click();
    await theirs.locator('#missing .door-row').last().getByRole('button', { name: /^Check in/ }).click();
    await counts(theirs, 2);
    wire.mend();
    await mine.evaluate(() => window.dispatchEvent(new Event('online')));
    await until('everything to be sent', SOON, async () => (await unsent(mine)) === '');
    await counts(mine, 4);
    await theirs.reload();
    await counts(theirs, 4);
    assert.equal(await theirs.locator('#here').getByText('Zenobia Walk-in', { exact: true }).count(), 1);
    await theirs.locator('#here [data-walk-in]').getByRole('button', { name: /^Undo/ }).click();
    await counts(theirs, 3);
    await mine.reload();
    await counts(mine, 3);
  });

  test('works without JavaScript, one page at a time', async () => {
    const cookies = await theirs.context().cookies();
    const plain = await newPage(browser, { javaScriptEnabled: false });
    await plain.context().addCookies(cookies);
    await plain.goto(demo.baseUrl + door);
    assert.equal(await count(plain), 3);
    await missing(plain, 0).getByRole('button', { name: /^Check in/ }).click();
    await plain.getByText(/is checked in$/).waitFor();
    assert.equal(await count(plain), 4);
    await plain.locator('#here .door-row').first().getByRole('button', { name: /^Undo/ }).click();
    assert.equal(await count(plain), 3);
    await plain.getByLabel('Find a name, institution or number').fill('nobody like that');
    await plain.getByRole('button', { name: 'Find' }).click();
    await plain.getByText('No one called').waitFor();
  });

  test('forgets the roster when whoever was signed in signs out', async () => {
    await mine.goto(`${wire.baseUrl}/sign-out`);
    await mine.getByRole('button', { name: 'Sign out' }).click();
    await mine.waitForURL(/\/sign-in$/);
    const left = await mine.evaluate(async () => ({
      keys: Object.keys(localStorage).filter((key) => key.startsWith('door:')),
      caches: await caches.keys(),
    }));
    assert.deepEqual(left, { keys: [], caches: [] });
  });
});
