// A leader books her team on a phone; the letters go out; the trainer sees who is coming.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  PHONE, TEAM, confirm, continueTo, fillStepOne, fillStepTwo, launch, newPage, openBooking,
  signIn, textOf,
} from './browser.mjs';
import { startDemo, until } from './server.mjs';

const REFERENCE = /\b[2-9A-HJ-KM-NP-Z]{4}-[2-9A-HJ-KM-NP-Z]{4}\b/;
const NAMES = Object.values(TEAM).map(({ name }) => name);

for (const javaScriptEnabled of [false, true]) {
  describe(`Booking three places, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, demo, page, code;
    const strangers = [];

    before(async () => {
      demo = await startDemo();
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled, viewport: PHONE });
      page.on('request', (request) => {
        const address = new URL(request.url());
        if (address.protocol.startsWith('http') && address.origin !== demo.baseUrl) {
          strangers.push(address.href);
        }
      });
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    test('ends with a reference', async () => {
      code = await openBooking(page, demo.baseUrl);
      await fillStepOne(page);
      await continueTo(page, 2);
      await fillStepTwo(page);
      await continueTo(page, 3);
      const check = await textOf(page);
      for (const name of NAMES) assert.ok(check.includes(name), `step 3 shows ${name}`);
      await confirm(page);
      assert.match(await textOf(page), REFERENCE);
    });

    test('sends letters to the leader and to whoever gave an address', async () => {
      const wanted = [TEAM.leader.email, TEAM.second.email];
      await until('both letters in the mailbox', 20_000, async () => {
        await page.goto(`${demo.baseUrl}/mailbox`);
        const listed = await textOf(page);
        return wanted.every((address) => listed.includes(address));
      });
    });

    test('puts all three on the trainer’s roster', async () => {
      await signIn(page, demo.trainerLink());
      await page.goto(`${demo.baseUrl}/trainer`);
      const rosters = page.locator(`main a[href*="/sessions/${code}/roster"]`);
      if ((await rosters.count()) > 0) {
        await rosters.first().click();
      } else {
        const office = demo.officeLink();
        assert.ok(office, `the trainer does not teach ${code}, and no office link was printed`);
        await signIn(page, office);
        await page.goto(`${demo.baseUrl}/trainer/sessions/${code}/roster`);
      }
      await page.getByRole('rowheader', { name: TEAM.leader.name }).waitFor();
      const roster = await textOf(page);
      for (const name of NAMES) assert.ok(roster.includes(name), `the roster shows ${name}`);
    });

    test('asks nothing of any other site', () => assert.deepEqual(strangers, []));
  });
}
