// Somebody applies for the academy on a phone, with and without scripts; the organiser reads side by side, decides, and
// tells everybody at once.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsInEveryLight } from './axe.mjs';
import { DESK, PHONE, button, fillAlone, launch, link, linkInLetter, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const APPLICANT = { name: 'Zenobia Fairweather', email: 'zenobia.fairweather@example.org' };

for (const javaScriptEnabled of [false, true]) {
  describe(`Applying for the academy, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, demo, page, office;

    before(async () => {
      demo = await startDemo();
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled, viewport: PHONE, reducedMotion: 'reduce' });
      office = await newPage(browser, { viewport: DESK, reducedMotion: 'reduce' });
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    test('she is asked why, and what hangs on an answer only where she gave it', async () => {
      await page.goto(`${demo.baseUrl}/sessions/S030/register`);
      await fillAlone(page, APPLICANT, 1);
      await button(page, /^Continue$/).click();
      await button(page, /^Continue$/).click();
      assert.match(await textOf(page), /A few questions/);
      const other = page.getByLabel('What else?');
      assert.equal(await other.isVisible(), !javaScriptEnabled, 'it is hidden until it is asked, where scripts run');
      await button(page, /^Continue$/).click();
      assert.match(await textOf(page), /Answer this question/);
      if (javaScriptEnabled) await isAccessible(page, 'the questions with errors');
      await page.getByLabel('Why do you want to come to the academy?').fill('To lead');
      await page.getByLabel('Something else').check();
      await other.fill('Two years as a shop steward');
      await page.getByLabel('I can come on all twenty days.').check();
      await button(page, /^Continue$/).click();
      assert.match(await textOf(page), /Check, then book/);
      assert.match(await textOf(page), /Two years as a shop steward/);
      if (javaScriptEnabled) await isAccessible(page, 'the last step');
      await button(page, /^Ask for 1 place$/).click();
      assert.match(await textOf(page), /organiser/);
    });

    test('the organiser chooses to tell everybody together, and reads side by side', async () => {
      await signIn(office, demo.officeLink());
      await office.goto(`${demo.baseUrl}/office/sessions/S030/requests/day`);
      await office.getByLabel('Everybody when I say so').check();
      await button(office, /^Save$/).click();
      assert.match(await textOf(office), /Nobody is told before you say so/);
      await isAccessible(office, 'when everybody is told');
      await office.goto(`${demo.baseUrl}/office/sessions/S030/requests/compare`);
      assert.match(await textOf(office), /Two years as a shop steward/);
      await isAccessible(office, 'side by side');
      const hers = office.locator('tr').filter({ hasText: APPLICANT.name });
      await hers.locator('summary').click();
      await hers.getByLabel('Points').selectOption('5');
      await hers.getByRole('button', { name: /^Save points/ }).click();
      await hers.getByText('of 5').waitFor();
      await hers.getByRole('button', { name: /^Yes/ }).click();
      await hers.getByText('not told yet').waitFor();
    });

    test('she is told when everybody is', async () => {
      const own = await linkInLetter(page, demo.baseUrl, APPLICANT.email, '', '/r');
      await page.goto(own);
      assert.match(await textOf(page), /the organiser will decide/);
      await office.goto(`${demo.baseUrl}/office/sessions/S030/requests/day`);
      await button(office, /^Tell 1 booking now$/).click();
      assert.match(await textOf(office), /We are telling the people of 1 booking/);
      await page.goto(own);
      assert.doesNotMatch(await textOf(page), /the organiser will decide/);
    });

    test('the questions of the course are kept on its page', async () => {
      await office.goto(`${demo.baseUrl}/office/courses/academy/questions`);
      assert.match(await textOf(office), /Why do you want to come to the academy/);
      await isAccessible(office, 'the questions of a course');
      await link(office, /What have you done so far/).click();
      await isAccessible(office, 'one question');
    });
  });
}

async function isAccessible(page, name) {
  assert.deepEqual(await faultsInEveryLight(page, [PHONE, DESK]), [], name);
}
