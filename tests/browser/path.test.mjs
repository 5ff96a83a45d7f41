// Somebody's way to a certificate: she books, is seen at the door, tells what else she did, and gets it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsOf } from './axe.mjs';
import { DESK, PHONE, button, fillAlone, launch, link, linkInLetter, newPage, openBooking, signIn, textOf } from './browser.mjs';
import { startDemo, until } from './server.mjs';

const WHO = { name: 'Perpetua Nightingale', email: 'perpetua.nightingale@example.org' };

describe('The path', () => {
  let browser, demo, hers, office, reader, code, path, mine;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    hers = await newPage(browser, { reducedMotion: 'reduce' });
    office = await newPage(browser, { reducedMotion: 'reduce', viewport: DESK });
    reader = await newPage(browser);
    await signIn(office, demo.officeLink());
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  // axe finds nothing, on a phone and on a desk.
  async function isAccessible(page, where) {
    for (const viewport of [PHONE, DESK]) {
      await page.setViewportSize(viewport);
      assert.deepEqual(await faultsOf(page), [], `${where} at ${viewport.width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${where} scrolls sideways by ${wide}`);
    }
  }

  test('an organiser makes one and puts somebody on it', async () => {
    await office.goto(`${demo.baseUrl}/office/more`);
    await link(office, /^Paths$/).click();
    await link(office, /^New path$/).first().click();
    await office.getByLabel('Name', { exact: true }).fill('Neighbourhood leader');
    await office.getByLabel('Hours of training needed').fill('');
    await button(office, /^Save$/).click();
    await office.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await isAccessible(office, 'a path with errors');
    await office.getByLabel('Hours of training needed').fill('6');
    await office.getByLabel('Hours of action needed').fill('2');
    await office.locator('[name="course-two-day"]').selectOption('counts');
    await button(office, /^Save$/).click();
    await button(office, /^Publish the path$/).click();
    await office.getByText('Published. You can put people on it.').waitFor();
    path = new URL(office.url()).pathname;
    await office.getByLabel('Full name').fill(WHO.name);
    await office.getByLabel('Email address').fill(WHO.email);
    await button(office, /^Put her on the path$/).click();
    await link(office, WHO.name).waitFor();
    await isAccessible(office, 'a path');
  });

  test('she books from her page, and is seen at the door', async () => {
    mine = await linkInLetter(reader, demo.baseUrl, WHO.email, 'Your path: Neighbourhood leader', '/path');
    await hers.goto(mine);
    assert.match(await textOf(hers), /0 of 6 hours of training/);
    await isAccessible(hers, 'my path');
    await link(hers, /2027|202\d/).first().click();
    code = new URL(hers.url()).pathname.match(/^\/sessions\/([^/]+)/)[1];
    await link(hers, /^Book places/).first().click();
    await fillAlone(hers, WHO, 1);
    await button(hers, /^Continue$/).click();
    await button(hers, /^Book 1 place$/).click();
    await hers.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
    await office.goto(`${demo.baseUrl}/trainer/sessions/${code}/check-in/1`);
    await office.getByLabel('Find a name, institution or number').fill(WHO.name);
    await button(office, 'Find').click();
    await office.getByRole('button', { name: new RegExp(`^Check in.*${WHO.name}`) }).first().click();
    await office.locator('#here').getByText(WHO.name, { exact: true }).waitFor();
    // Who she is, is recognised a moment after she booked.
    await until('her hours', 20_000, async () => {
      await hers.goto(mine);
      return /6 hours of training; 6 hours are needed/.test(await textOf(hers));
    });
    assert.match(await textOf(hers), /1 of 2 days of session/);
  });

  test('she tells what else she did, and an organiser confirms it', async () => {
    await link(hers, 'Tell us what else you did').click();
    await isAccessible(hers, 'a claim');
    await button(hers, /^Send it/).click();
    await hers.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await isAccessible(hers, 'a claim with errors');
    await hers.getByLabel('What was it?').fill('Assembly at the town hall');
    await hers.getByLabel('On which day?').fill(new Date().toISOString().slice(0, 10));
    await hers.getByLabel('How many hours?').fill('2');
    await button(hers, /^Send it/).click();
    await hers.getByText('Waits for an organiser').first().waitFor();
    await isAccessible(hers, 'my path with a claim');
    await office.goto(`${demo.baseUrl}/office/claims`);
    await isAccessible(office, 'claims');
    await link(office, `${WHO.name}: Assembly at the town hall`).click();
    await isAccessible(office, 'her record');
    await button(office, /^Confirm/).click();
    await office.getByText('Confirmed. If we have her address').waitFor();
    await hers.goto(mine);
    assert.match(await textOf(hers), /2 hours of action; 2 hours are needed/);
  });

  test('she gets her certificate, and anybody can check it', async () => {
    await button(office, /^Grant the certificate$/).click();
    await office.getByText('The certificate is granted').waitFor();
    await office.goto(`${demo.baseUrl}${path}?which=finished`);
    await link(office, WHO.name).waitFor();
    const again = await linkInLetter(reader, demo.baseUrl, WHO.email, 'You have finished: Neighbourhood leader', '/path');
    await hers.goto(again);
    await link(hers, /^Your certificate$/).click();
    assert.match(await textOf(hers), /Perpetua Nightingale[^]*has finished the path[^]*Neighbourhood leader/);
    await isAccessible(hers, 'her certificate');
    const number = (await textOf(hers)).match(/[0-9A-F]{4}(-[0-9A-F]{4}){4}/)[0];
    await hers.goto(`${demo.baseUrl}/certificates/${number}`);
    await hers.getByRole('heading', { name: 'This certificate is true' }).waitFor();
    await isAccessible(hers, 'a certificate that is checked');
  });
});
