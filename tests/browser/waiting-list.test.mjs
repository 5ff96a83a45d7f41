// A team waits, a place comes free, the letter arrives, and the offer is taken up on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PHONE, button, fillAlone, launch, link, linkInLetter, newPage, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const FIRST = { name: 'Ottoline Quartermain', email: 'ottoline.quartermain@example.org' };
const NEXT = { name: 'Peregrine Ashdown', email: 'peregrine.ashdown@example.org' };

for (const javaScriptEnabled of [false, true]) {
  describe(`Waiting for a place, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, demo, page, full;

    before(async () => {
      demo = await startDemo();
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled, viewport: PHONE });
      await page.goto(`${demo.baseUrl}/`);
      const row = page.locator('.session').filter({ hasText: 'Last place' }).first();
      full = await row.getByRole('link').getAttribute('href');
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    test('a team that comes all together is told how few places are left', async () => {
      await page.goto(`${demo.baseUrl}${full}/register`);
      await fillAlone(page, FIRST, 2);
      await button(page, /^Continue$/).click();
      assert.match(await textOf(page), /Only 1 place is left/);
      assert.equal(await button(page, /^Join the waiting list$/).count(), 1);
      assert.equal(await page.locator('[name="name"]').inputValue(), FIRST.name, 'input is kept');
    });

    test('a team that comes as many as it can gets one place, and one waits', async () => {
      await page.locator('[name="team"][value="as-many-as-possible"]').check();
      await button(page, /^Continue$/).click();
      // It is a course for young people; the leader is not one of them.
      await page.locator('[name="minors"][value="none"]').check();
      await button(page, /^Continue$/).click();
      assert.match(await textOf(page), /1 more person will be on the waiting list/);
      // Nobody else is named who would have to know.
      await button(page, /^Book 1 place$/).click();
      const booked = await textOf(page);
      assert.match(booked, /You’re booked/);
      assert.match(booked, /1 person is on the waiting list/);
    });

    test('the session is full, and the next leader waits behind', async () => {
      await page.goto(`${demo.baseUrl}${full}`);
      await link(page, /^Join the waiting list$/).click();
      assert.match(await textOf(page), /1 booking is ahead of you/);
      await fillAlone(page, NEXT, 1);
      await button(page, /^Join the waiting list$/).click();
      assert.match(await textOf(page), /You’re number 2/);
    });

    test('cancelling offers the place to the next, who takes it up on the phone', async () => {
      const subject = 'You\'re booked';
      await page.goto(await linkInLetter(page, demo.baseUrl, FIRST.email, subject, '/r'));
      await link(page, /^Cancel the whole booking$/).click();
      await button(page, /^Yes, cancel/).click();
      assert.match(await textOf(page), /Your booking is cancelled/);

      const offer = await linkInLetter(page, demo.baseUrl, NEXT.email, 'A place is yours', '/offers');
      await page.goto(offer);
      assert.match(await textOf(page), /We are holding 1 place for Peregrine Ashdown until/);
      await button(page, /^Yes, book my place$/).click();
      assert.match(await textOf(page), /You’re booked/);
      await page.goto(offer);
      assert.match(await textOf(page), /You have answered this offer/);
    });
  });
}
