// axe-core finds nothing to complain about: on a phone and on a desk, in light and in dark.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import axe from 'axe-core';

import {
  DESK, PHONE, button, confirm, continueTo, fillStepOne, fillStepTwo, launch, link, newPage,
  openBooking, signIn,
} from './browser.mjs';
import { startDemo } from './server.mjs';

const PAGES = ['/', '/calendars', '/sign-in', '/help', '/privacy', '/accessibility', '/lost-link'];

describe('Accessibility', () => {
  let browser, demo, page, code;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser, { reducedMotion: 'reduce' });
    // An init script is the browser's own, so the content security policy stays in force.
    await page.addInitScript({ content: axe.source });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const path of PAGES) {
    test(path, async () => {
      const response = await page.goto(demo.baseUrl + path);
      assert.equal(response.status(), 200);
      await isAccessible(page);
    });
  }

  test('a page that is not there', async () => {
    const response = await page.goto(`${demo.baseUrl}/no-such-page`);
    assert.equal(response.status(), 404);
    await isAccessible(page);
  });

  test('booking, step 1', async () => {
    code = await openBooking(page, demo.baseUrl);
    await isAccessible(page);
  });

  test('a session', async () => {
    await page.goto(`${demo.baseUrl}/sessions/${code}`);
    await isAccessible(page);
  });

  test('booking, step 1 with errors', async () => {
    await openBooking(page, demo.baseUrl);
    await page.locator('[name="name"]').fill('');
    await page.locator('[name="email"]').fill('');
    await button(page, /^Continue$/).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await isAccessible(page);
  });

  test('booking, steps 2 and 3, and booked', async () => {
    await openBooking(page, demo.baseUrl);
    await fillStepOne(page);
    await continueTo(page, 2);
    await isAccessible(page, 'step 2');
    await fillStepTwo(page);
    await continueTo(page, 3);
    await isAccessible(page, 'step 3');
    await confirm(page);
    await isAccessible(page, 'booked');
  });

  test('the leader’s page, a change and a cancellation', async () => {
    await link(page, /^Change or cancel/).first().click();
    await page.locator('main h1').waitFor();
    const manage = page.url();
    await isAccessible(page, 'manage');
    await link(page, /^Change /).first().click();
    await button(page, /^Save/).waitFor();
    await isAccessible(page, 'change');
    await page.goto(manage);
    await link(page, /^Cancel the place/).first().click();
    await button(page, /^Yes, cancel/).waitFor();
    await isAccessible(page, 'cancel one place');
    await page.goto(manage);
    await link(page, /^Cancel the whole booking/).click();
    await button(page, /^Yes, cancel/).waitFor();
    await isAccessible(page, 'cancel the whole booking');
  });

  test('signing in, the trainer’s sessions and the roster', async () => {
    await page.goto(demo.trainerLink());
    await isAccessible(page, 'sign-in link');
    await signIn(page, demo.trainerLink());
    await page.goto(`${demo.baseUrl}/trainer`);
    await isAccessible(page, 'trainer');
    await page.locator('main a[href*="/roster"]').first().click();
    await page.waitForURL(/\/roster/);
    await isAccessible(page, 'roster');
  });
});

// Fails with each rule that is broken, where, and how to mend it.
async function isAccessible(page, name = new URL(page.url()).pathname) {
  const problems = [];
  for (const viewport of [PHONE, DESK]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      for (const { id, help, nodes } of violations) {
        const where = nodes.map((node) => node.target.join(' ')).join(', ');
        problems.push(`${name}, ${viewport.width} wide, ${colorScheme}: ${id}: ${help} (${where})`);
      }
    }
  }
  await page.setViewportSize(PHONE);
  assert.deepEqual(problems, []);
}
