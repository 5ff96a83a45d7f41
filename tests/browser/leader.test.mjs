// What a leader does after she has booked: another date, a booking of somebody's own, telling people, everything
// on one page, the same team again. On a phone, with scripts and without; every page fits the narrowest phone, at
// twice the size of letters too, and axe finds nothing to complain about.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsOf } from './axe.mjs';
import {
  TEAM, button, confirm, continueTo, fillStepOne, fillStepTwo, launch, link, linkInLetter, newPage, openBooking, textOf,
} from './browser.mjs';
import { startDemo } from './server.mjs';

for (const javaScriptEnabled of [true, false]) {
  describe(`A leader afterwards, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    let browser, demo, page, manage;

    before(async () => {
      demo = await startDemo();
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled });
      await openBooking(page, demo.baseUrl);
      await fillStepOne(page);
      await continueTo(page, 2);
      await fillStepTwo(page);
      await continueTo(page, 3);
      await confirm(page);
      await link(page, /^Change or cancel/).first().click();
      await page.locator('main h1').waitFor();
      manage = page.url();
      await looks('the booking');
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    test('tells the one who has no address by a message or a slip', async () => {
      await page.goto(manage);
      await link(page, /^Tell your team$/).click();
      await looks('whom to tell');
      assert.match(await textOf(page), /Nobody needs an email address/);
      await button(page, /^Make their messages and slips$/).click();
      await page.getByRole('heading', { name: `Tell ${TEAM.third.name}` }).waitFor();
      await looks('messages and slips');
      const whatsapp = page.getByRole('link', { name: `WhatsApp to ${TEAM.third.name}` });
      const href = await whatsapp.getAttribute('href');
      assert.match(href, /^https:\/\/wa\.me\/\?text=Hello%20Zenobia/);
      const own = decodeURIComponent(href).match(new RegExp(`${demo.baseUrl}/p/[0-9a-z]+`))[0];
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.site-head').isVisible(), false);
      assert.equal(await page.locator('.slip').count(), 2);
      await page.emulateMedia({ media: 'screen' });
      await page.goto(own);
      assert.match(await textOf(page), /Zenobia Fairweather, this is your place/);
      await looks('a place');
    });

    test('gives somebody a booking of their own', async () => {
      await page.goto(manage);
      await link(page, `Change ${TEAM.second.name}`).click();
      await looks('who comes');
      await link(page, /^Give them a booking of their own$/).click();
      await looks('a booking of their own?');
      await button(page, /^Yes, a booking of their own$/).click();
      await page.getByText(/looks after their own place now/).first().waitFor();
      assert.match(await textOf(page), /2 people are coming/);
      const own = await linkInLetter(page, demo.baseUrl, TEAM.second.email, 'A booking of your own', '/r');
      await page.goto(own);
      assert.match(await textOf(page), /1 person is coming/);
    });

    test('sees everything on one page, by the link in her letter', async () => {
      await page.goto(`${manage}/all`);
      await looks('what a link on a page shows');
      await button(page, /^Email me one page with everything$/).click();
      await page.getByText(/We have emailed you a link/).first().waitFor();
      const own = await linkInLetter(page, demo.baseUrl, TEAM.leader.email, 'Your booking', '/r');
      await page.goto(`${own}/all`);
      assert.match(await textOf(page), /Everything that was booked with/);
      await looks('everything');
    });

    test('books the same team again', async () => {
      await page.goto(manage);
      await link(page, /^Book this team again$/).click();
      await looks('the same team again');
      await page.locator('#to').selectOption({ index: 1 });
      await button(page, /^Go on$/).click();
      await page.locator('main h1').waitFor();
      await looks('who is coming');
      const typed = await page.locator('main').innerHTML();
      assert.ok(typed.includes(TEAM.leader.name) && typed.includes(TEAM.third.name), 'nothing is typed twice');
    });

    test('comes on another date, or is told that there is none', async () => {
      await page.goto(manage);
      await link(page, /^Come on another date$/).click();
      await looks('another date');
      const dates = page.locator('[name="to"]');
      if ((await dates.count()) === 0) {
        assert.match(await textOf(page), /There is no other date that can be booked now/);
        return;
      }
      await dates.first().check();
      await button(page, /^Move to this date$/).click();
      await page.getByText(/You are booked on this date now/).first().waitFor();
      await looks('moved');
    });

    // Fits the narrowest phone, also with letters of twice the size; axe where scripts run.
    async function looks(name) {
      if (!javaScriptEnabled) return;
      for (const [width, size] of [[320, ''], [390, ''], [390, '200%']]) {
        await page.setViewportSize({ width, height: 844 });
        const wide = await page.evaluate((text) => {
          document.documentElement.style.fontSize = text;
          return document.scrollingElement.scrollWidth;
        }, size);
        assert.ok(wide <= width, `${name} is ${wide} wide at ${width} ${size}`);
      }
      await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
      await page.setViewportSize({ width: 390, height: 844 });
      assert.deepEqual(await faultsOf(page), [], name);
    }
  });
}
