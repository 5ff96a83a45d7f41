// Nominations and personal invitations as the office and whoever is asked see them: axe finds nothing to complain about,
// on a phone and on a desk, in light and in dark, and nothing is wider than the screen.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsInEveryLight } from './axe.mjs';
import { DESK, PHONE, button, launch, link, linkInLetter, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const CLEO = { name: 'Cleopatra Nightingale', email: 'cleopatra.nightingale@example.org' };

describe('Asked by name', () => {
  let browser, demo, office, page;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    office = await newPage(browser, { viewport: DESK, reducedMotion: 'reduce' });
    page = await newPage(browser, { viewport: PHONE, reducedMotion: 'reduce' });
    await signIn(office, demo.officeLink());
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const path of [
    '/office/nominations', '/office/new-nomination', '/office/sessions/N001/invited', '/office/sessions/U001/invite',
    '/office/sessions/S001/unanswered', '/office/sessions/S001/handouts', '/office/sessions/P001/feedback',
    '/office/sessions/S001/feedback-questions', '/office/sessions/S030/requests/compare', '/office/paths',
    '/office/paths/community-organiser',
  ]) {
    test(path, async () => {
      const response = await office.goto(demo.baseUrl + path);
      assert.equal(response.status(), 200);
      await isGood(office, path);
    });
  }

  test('one nomination, and one invitation', async () => {
    await office.goto(`${demo.baseUrl}/office/nominations`);
    await link(office, /^Grace Baker$/).click();
    assert.match(await textOf(office), /She kept a meeting of sixty to time/);
    await isGood(office, 'a nomination');
    await office.goto(`${demo.baseUrl}/office/sessions/N001/invited`);
    await link(office, /^Grace Baker$/).click();
    await isGood(office, 'an invitation');
  });

  test('whoever is asked reads what it is, and what becomes of it when it is called off', async () => {
    await office.goto(`${demo.baseUrl}/office/sessions/U001/invite`);
    await office.locator('[name="names"]').fill(`${CLEO.name} <${CLEO.email}>`);
    await button(office, /^Ask them$|^Ask/).first().click();
    const invited = await linkInLetter(page, demo.baseUrl, CLEO.email, 'Will you come?', '/invited');
    await page.goto(invited);
    assert.match(await textOf(page), /Will you come\?/);
    await isGood(page, 'asked');
    await page.locator('[name="name"]').fill('');
    await button(page, /^Yes, book my place$/).click();
    await isGood(page, 'asked, with an error');
    await office.goto(`${demo.baseUrl}/office/sessions/U001/cancel`);
    assert.match(await textOf(office), /asked by name or nominated and/);
    await office.locator('[name="why"]').fill('The hall is flooded.');
    await office.locator('[name="typed"]').fill('CANCEL');
    await button(office, /^Cancel session/).click();
    await page.goto(invited);
    assert.match(await textOf(page), /This session is cancelled/);
    assert.match(await textOf(page), /The hall is flooded/);
    await isGood(page, 'called off');
  });
});

/** No violation of axe's rules, and nothing wider than the screen, whichever screen. */
async function isGood(page, name) {
  const problems = [];
  for (const viewport of [PHONE, DESK]) {
    problems.push(...await faultsInEveryLight(page, [viewport]));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) problems.push(`${viewport.width} wide: ${over} pixels too wide`);
  }
  assert.deepEqual(problems, [], name);
}
