// Help so that somebody can come: offered by an organiser, asked for on a phone, decided within a budget, read
// and taken back. Every page is clean.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsOf } from './axe.mjs';
import { DESK, PHONE, button, fillAlone, launch, link, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const WHO = { name: 'Perpetua Nightingale', email: 'perpetua.nightingale@example.org' };

describe('Help so that somebody can come', () => {
  let browser, demo, hers, office, own;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    hers = await newPage(browser, { reducedMotion: 'reduce' });
    office = await newPage(browser, { reducedMotion: 'reduce', viewport: DESK });
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

  test('an organiser says what the session helps with, and its page says so', async () => {
    await office.goto(`${demo.baseUrl}/office/sessions/S012/help`);
    await isAccessible(office, 'nobody asks');
    await office.goto(`${demo.baseUrl}/office/sessions/S012/help/offer`);
    await isAccessible(office, 'what is offered');
    await office.locator('[name="travel"]').check();
    await office.locator('[name="travel_words"]').fill('up to £10 each');
    await office.locator('[name="budget"]').fill('much');
    await button(office, /^Save$/).click();
    await office.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await isAccessible(office, 'what is offered, with errors');
    assert.equal(await office.locator('[name="travel_words"]').inputValue(), 'up to £10 each');
    await office.locator('[name="budget"]').fill('15');
    await button(office, /^Save$/).click();
    await office.getByText('Saved. It stands on the session').waitFor();
    await hers.goto(`${demo.baseUrl}/sessions/S012`);
    assert.match(await textOf(hers), /You can ask for travel \(up to £10 each\) when you have booked/);
  });

  test('she books and asks on her phone', async () => {
    await link(hers, /^Book places/).first().click();
    await fillAlone(hers, WHO, 1);
    await button(hers, /^Continue$/).click();
    await button(hers, /^Book 1 place$/).click();
    await hers.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
    await hers.setViewportSize(PHONE);
    await link(hers, 'Ask for help so that you can come').click();
    await isAccessible(hers, 'what can be asked for');
    await hers.setViewportSize(PHONE);
    await link(hers, 'Ask for travel').click();
    await button(hers, /^Ask for it$/).click();
    await hers.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await isAccessible(hers, 'asking with errors');
    await hers.setViewportSize(PHONE);
    await hers.getByLabel('Where from?').fill('Reading');
    await hers.getByLabel('How?', { exact: true }).fill('by bus');
    await hers.getByLabel('How much do you ask for, in pounds?').fill('20');
    await hers.getByLabel(/^Why\?/).fill('The fare is dear.');
    await hers.getByLabel('I can only come if this is granted').check();
    await button(hers, /^Ask for it$/).click();
    await hers.getByText('The organisers have not decided yet').waitFor();
    own = hers.url();
    await isAccessible(hers, 'what she asks');
  });

  test('an organiser is asked before the budget is exceeded', async () => {
    await office.goto(`${demo.baseUrl}/office/help`);
    await isAccessible(office, 'everybody who asks');
    await link(office, WHO.name).click();
    await isAccessible(office, 'one request');
    await office.getByLabel('Grant it').check();
    await button(office, /^Save the decision$/).click();
    await office.getByText('£5.00 over the £15.00 for this session. Grant it all the same?').waitFor();
    await isAccessible(office, 'the question');
    await office.getByLabel('How much is granted, in pounds').fill('12.50');
    await button(office, /^Grant all the same$/).click();
    await office.getByText('Decided.').waitFor();
    await isAccessible(office, 'a decided request');
    await office.goto(`${demo.baseUrl}/office/sessions/S012/help`);
    assert.match(await textOf(office), /£12\.50/);
    await isAccessible(office, 'who asks, and the money');
  });

  // The letter waits two minutes for another decision about her; tests/it reads it.
  test('she reads it on her page, and can take it back', async () => {
    await hers.goto(own);
    assert.match(await textOf(hers), /Granted: £12\.50/);
    await link(hers, /^Take it back/).click();
    await isAccessible(hers, 'taking it back');
    await button(hers, /^Take it back$/).click();
    await hers.getByText('Taken back.').first().waitFor();
  });
});
