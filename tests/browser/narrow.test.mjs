// Nothing is wider than the narrowest phone, however long a link, an address or a name that people type is.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { button, fillStepOne, launch, link, linkInLetter, newPage, signIn } from './browser.mjs';
import { startDemo } from './server.mjs';

const WIDTHS = [320, 390];
const ROOM = `https://video.example.org/rooms/${'averylongroomname'.repeat(9)}?pwd=${'x1y2z3'.repeat(8)}`;
const NAME = `Donaudampfschifffahrtsgesellschaftskapitaen ${'Wolfeschlegelsteinhausen'.repeat(2)}`;
const EMAIL = `${'averylongnamebeforethesign'.repeat(2)}@${'longdomain'.repeat(5)}.example.org`;
const HALL = `${'Gemeinschaftszentrumsveranstaltungshalle'.repeat(2)} 1`;

describe('On a narrow phone', () => {
  let browser, demo, page, office, manage;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser);
    office = await newPage(browser);
    await signIn(office, demo.officeLink());
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('the pages everybody sees', async () => {
    for (const path of [
      '/', '/calendars', '/sign-in', '/help', '/privacy', '/accessibility', '/lost-link', '/no-such-page',
      '/sessions/S001', '/sessions/S001/register', '/mailbox',
    ]) {
      await fits(page, demo.baseUrl + path);
    }
  });

  test('a booking with a long room, long names and long addresses', async () => {
    const code = await online();
    await page.goto(`${demo.baseUrl}/sessions/${code}/register`);
    await fillStepOne(page);
    await page.locator('[name="name"]').fill(NAME);
    await page.locator('[name="email"]').fill(EMAIL);
    await fitsHere(page, 'step 1');
    await button(page, /^Continue$/).click();
    await page.locator('[name="p1_name"]').fill(NAME);
    await page.locator('[name="p1_email"]').fill(EMAIL);
    await page.locator('[name="p2_name"]').fill(`${NAME} the second`);
    await page.locator('[name="p3_name"]').fill('Peregrine Ashdown');
    await page.locator('[name="p3_email"]').fill('peregrine@example.org');
    await fitsHere(page, 'step 2');
    await button(page, /^Continue$/).click();
    await page.locator('[name="permission"]').check();
    await fitsHere(page, 'step 3');
    await button(page, /^Book 3 places$/).click();
    await page.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
    await fitsHere(page, 'booked');
    await link(page, /^Change or cancel/).first().click();
    await page.locator('main h1').waitFor();
    manage = page.url();
    for (const more of ['', '/places/1', '/places/1/cancel', '/cancel']) await fits(page, manage + more);
    const own = await linkInLetter(page, demo.baseUrl, 'peregrine@example.org', 'invite', '/p');
    await fitsHere(page, 'a letter');
    for (const more of ['', '/cancel', '/ticket', '/calendar']) await fits(page, own + more);
    await searched(code);
  });

  test('the organisers’ desk', async () => {
    await office.goto(`${demo.baseUrl}/office/sessions/S001/venue`);
    await office.locator('[name="where"][value="venue"]').check();
    await office.locator('#venue').fill(HALL);
    await office.locator('#address').fill(HALL);
    await button(office, /^Change it and tell/).click();
    await office.waitForURL(/\/office\/sessions\/S001\?/);
    for (const path of [
      '/office', '/office/more', '/office/sessions?stage=all', '/office/new-session', '/office/sessions/S001',
      '/office/sessions/S001/edit', '/office/sessions/S001/days', '/office/sessions/S001/repeat?weeks=3',
      '/office/sessions/S001/places', '/office/sessions/S001/times', '/office/sessions/S001/venue',
      '/office/sessions/S001/cancel', '/office/sessions/S016/requests', '/office/letters', '/office/replies',
      '/office/sessions/S001/decline', '/trainer/calendar', '/trainer', '/office/letters?progress=queued',
      '/office/letters?progress=sent', '/office/audit', '/office/institutions', '/office/new-institution',
      '/office/courses', '/office/new-course', '/office/alliances', '/office/new-alliance', '/office/accounts',
      '/office/new-account', '/office/accounts/ruth.okafor', '/trainer/sessions/S001/check-in/1',
      '/trainer/sessions/S001/check-in/1/close', '/trainer/sessions/S001/roster', '/office/sessions/S001/bookings',
      '/office/sessions/S001/book', '/office/sessions/S001/message', '/office/sessions/S001/pledges',
      '/office/sessions/S001/feedback', '/office/people', '/office/turnout', '/account', '/office/typed-institutions',
    ]) {
      await fits(office, demo.baseUrl + path);
    }
  });

  // A session with a room whose link is long; its code.
  async function online() {
    await page.goto(demo.baseUrl);
    const href = await link(page, /^Book places/).first().getAttribute('href');
    const code = href.match(/\/sessions\/([^/]+)/)[1];
    await office.goto(`${demo.baseUrl}/office/sessions/${code}/venue`);
    await office.locator('[name="where"][value="online"]').check();
    await office.locator('#room').fill(ROOM);
    await button(office, /^Change it and tell/).click();
    await office.waitForURL(new RegExp(`/office/sessions/${code}\\?`));
    return code;
  }

  // What the office sees of a booking like that.
  async function searched(code) {
    for (const path of [
      `/office/sessions/${code}`, `/office/sessions/${code}/bookings`, `/trainer/sessions/${code}/roster`,
      `/trainer/sessions/${code}/check-in/1`, '/office/letters?progress=sent', '/office/people', '/office/audit',
    ]) {
      await fits(office, demo.baseUrl + path);
    }
    await office.goto(`${demo.baseUrl}/office/sessions/${code}/bookings`);
    const booking = office.locator('main a[href^="/office/bookings/"]').filter({ hasText: /Donau/ }).first();
    if ((await booking.count()) > 0) await fits(office, demo.baseUrl + (await booking.getAttribute('href')));
  }

  async function fits(page, address) {
    await page.goto(address);
    await fitsHere(page, address.replace(demo.baseUrl, ''));
  }

  // Nothing reaches over the edge of the screen or of its box, unless its box may be scrolled.
  async function fitsHere(page, name) {
    const faults = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      const wide = await page.evaluate(() => {
        const scrolls = (one) => {
          for (let box = one; box && box !== document.body; box = box.parentElement) {
            if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(box).overflowX)) return true;
          }
          return false;
        };
        const edge = document.documentElement.clientWidth;
        const found = [];
        if (document.documentElement.scrollWidth > edge) found.push(`scrolls to ${document.documentElement.scrollWidth}`);
        for (const one of document.querySelectorAll('body *')) {
          const box = one.closest('.card, .panel, .notice, .person');
          const right = Math.min(edge, box ? box.getBoundingClientRect().right : edge);
          const { right: reached, width: size } = one.getBoundingClientRect();
          if (size > 1 && reached > right + 1 && !scrolls(one)) {
            found.push(`${one.tagName} "${one.textContent.trim().slice(0, 40)}" reaches ${Math.round(reached)} of ${Math.round(right)}`);
          }
        }
        return found.slice(0, 3);
      });
      faults.push(...wide.map((one) => `${name}, ${width} wide: ${one}`));
    }
    assert.deepEqual(faults, []);
  }
});
