// A leader books all ten Thursdays of a series on a phone, in one go; one letter tells of all of them, and her private
// page cancels what is to come at once. Every page is clean.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsOf } from './axe.mjs';
import { DESK, PHONE, button, fillAlone, launch, link, linkInLetter, newPage, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const ADA = { name: 'Adaeze Quartermain', email: 'adaeze.quartermain@example.org' };
const SECOND = { name: 'Benedict Ashdown', email: 'benedict.ashdown@example.org' };

describe('Ten Thursdays booked as one', () => {
  let browser, demo, phone;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    phone = await newPage(browser, { viewport: PHONE });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  // axe finds nothing, and nothing is wider than the page, on a phone and on a desk.
  async function isClean(page) {
    for (const viewport of [DESK, PHONE]) {
      await page.setViewportSize(viewport);
      assert.deepEqual(await faultsOf(page), [], page.url());
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${page.url()} is ${wider} px wider than ${viewport.width}`);
    }
  }

  test('the list leads to the series', async () => {
    await phone.goto(`${demo.baseUrl}/?course=learning-thursday`);
    await isClean(phone);
    await link(phone, /^Book all the evenings, or choose some/).first().click();
    await phone.getByRole('heading', { name: /^10 evenings$/ }).waitFor();
    await isClean(phone);
    await link(phone, /^Book all the evenings, or choose some/).click();
    await phone.getByRole('heading', { name: /Which evenings/ }).waitFor();
  });

  test('all ten are ticked, and two people are named once', async () => {
    assert.equal(await phone.locator('[name="evening"]:checked').count(), 10);
    await isClean(phone);
    await fillAlone(phone, ADA, 2);
    await button(phone, /^Continue$/).click();
    await phone.getByText('Step 2 of 3').waitFor();
    assert.match(await textOf(phone), /2 places are held/);
    await isClean(phone);
    await phone.locator('[name="p2_name"]').fill(SECOND.name);
    await phone.locator('[name="p2_email"]').fill(SECOND.email);
    await button(phone, /^Continue$/).click();
    await phone.getByText('Step 3 of 3').waitFor();
    await isClean(phone);
    await phone.locator('[name="permission"]').check();
    await button(phone, /^Book 2 places on 10 evenings$/).click();
    await phone.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
    assert.match(await textOf(phone), /10 evenings/);
    await isClean(phone);
  });

  test('one letter tells of all, and its link cancels what is to come', async () => {
    const own = await linkInLetter(phone, demo.baseUrl, ADA.email, '10 evenings', '/r');
    await phone.goto(own);
    assert.match(await textOf(phone), /One of 10 evenings/);
    await isClean(phone);
    await link(phone, /^Cancel all evenings that are to come$/).click();
    await isClean(phone);
    await button(phone, /^Yes, cancel all 10 evenings that are to come$/).click();
    assert.match(await textOf(phone), /Your booking is cancelled/);
    await isClean(phone);
  });
});
