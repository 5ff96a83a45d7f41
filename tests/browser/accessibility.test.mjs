// axe-core finds nothing to complain about: on a phone and on a desk, in light and in dark. And nothing is wider than
// the window, even with letters twice as large.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsInEveryLight } from './axe.mjs';
import {
  DESK, PHONE, TEAM, button, confirm, continueTo, deviceOf, fillAlone, fillStepOne, fillStepTwo, launch, link,
  newPage, openBooking, signIn,
} from './browser.mjs';
import { NARROWEST, tooWide } from './reflow.mjs';
import { startDemo, until } from './server.mjs';

const PAGES = ['/', '/calendars', '/sign-in', '/help', '/privacy', '/accessibility', '/lost-link'];

describe('Accessibility', () => {
  let browser, demo, page, office, code;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser, { reducedMotion: 'reduce' });
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

  test('the waiting list, and an offer', async () => {
    await page.goto(`${demo.baseUrl}/`);
    const full = page.locator('.session').filter({ hasText: 'Waiting list open' }).first();
    const code = await full.getByRole('link').getAttribute('href');
    await page.goto(`${demo.baseUrl}${code}`);
    await isAccessible(page, 'a full session');
    await page.goto(`${demo.baseUrl}${code}/waiting-list`);
    await isAccessible(page, 'the waiting list');
    await fillAlone(page, TEAM.second, 1);
    await button(page, /^Join the waiting list$/).click();
    await isAccessible(page, 'joined');
    await link(page, /^Change or cancel/).first().click();
    await page.locator('details summary').click();
    await isAccessible(page, 'waiting');
    const manage = page.url();
    await page.goto(`${manage}/leave`);
    await isAccessible(page, 'leave the list');
    await page.goto(manage.replace('/r/', '/offers/'));
    await isAccessible(page, 'no offer');

    await page.goto(`${demo.baseUrl}/`);
    const last = page.locator('.session').filter({ hasText: 'Last place' }).first();
    const other = await last.getByRole('link').getAttribute('href');
    await page.goto(`${demo.baseUrl}${other}/waiting-list`);
    await fillAlone(page, TEAM.leader, 1);
    await button(page, /^Join the waiting list$/).click();
    await link(page, /^Change or cancel/).first().click();
    const first = page.url();
    await page.goto(`${demo.baseUrl}${other}/waiting-list`);
    await fillAlone(page, TEAM.second, 1);
    await button(page, /^Join the waiting list$/).click();
    await link(page, /^Change or cancel/).first().click();
    const second = page.url();
    await page.goto(`${first}/cancel`);
    await button(page, /^Yes, cancel/).click();
    await page.goto(second);
    await isAccessible(page, 'offered');
    await page.goto(second.replace('/r/', '/offers/'));
    await page.getByRole('heading', { name: 'A place is yours' }).waitFor();
    await isAccessible(page, 'an offer');
    await button(page, /^Not this time/).click();
    await isAccessible(page, 'off the list');
  });

  test('the organisers’ desk', async () => {
    office = await newPage(browser, { reducedMotion: 'reduce' });
    await signIn(office, demo.officeLink());
    for (const path of [
      '/office', '/office/more', '/office/sessions?stage=all', '/office/sessions?q=nothing+like+it',
      '/office/new-session', '/office/sessions/S001', '/office/sessions/S001/edit',
      '/office/sessions/S001/publish', '/office/sessions/S001/repeat?weeks=3',
      '/office/sessions/S001/places', '/office/sessions/S001/times', '/office/sessions/S001/venue',
      '/office/sessions/S001/cancel', '/office/sessions/S016/requests', '/office/letters', '/office/replies',
      '/office/sessions/S001/decline', '/trainer/calendar',
      '/office/letters?progress=queued', '/office/letters?progress=sent', '/office/audit',
      '/office/audit?reference=x', '/office/institutions', '/office/new-institution',
      '/office/courses', '/office/new-course', '/office/alliances', '/office/new-alliance',
      '/office/accounts', '/office/new-account', '/office/accounts/ruth.okafor',
      '/office/accounts/ruth.okafor/disable', '/trainer/sessions/S001/check-in/1',
      '/trainer/sessions/S001/check-in/1?place=01890a5d-ac96-774b-bcce-b302099a8057',
      '/trainer/sessions/S001/check-in/1/close', '/trainer/sessions/S001/badges',
      '/office/sessions/S001/bookings', '/office/sessions/S001/book', '/office/sessions/S001/message',
      '/office/sessions/S001/pledges', '/office/sessions/S001/pledges/chase',
      '/office/sessions/S001/feedback', '/office/people', '/office/turnout', '/office/turnout?by=session',
      '/door/nothing', '/account', '/account/passkeys', '/account/sign-out-everywhere',
      '/office/accounts/ruth.okafor/passkeys', '/office/typed-institutions',
      '/office/institutions/I0001/merge', '/office/institutions/I0001/merge?with=I0002',
    ]) {
      await office.goto(demo.baseUrl + path);
      await isAccessible(office, path);
    }
  });

  test('a booking and a person, as the office sees them', async () => {
    await office.goto(`${demo.baseUrl}/office/sessions/S001/bookings`);
    const booking = await office.locator('main a[href^="/office/bookings/"]').first().getAttribute('href');
    await office.goto(demo.baseUrl + booking);
    const about = booking.replace(/[?/](?:cancel|move|confirm).*$/, '');
    for (const path of [about, `${about}/move`, `${about}/cancel`, `${about}/confirm`]) {
      await office.goto(demo.baseUrl + path);
      await isAccessible(office, path);
    }
    await until('people to be recognised', 30_000, async () => {
      await office.goto(`${demo.baseUrl}/office/people`);
      return (await office.locator('main a[href^="/office/people/"]').count()) > 0;
    });
    await office.locator('main a[href^="/office/people/"]').first().click();
    await isAccessible(office, 'a person');
    await link(office, 'Merge with somebody else').click();
    await isAccessible(office, 'merging');
  });

  test('one’s own passkey', async () => {
    await deviceOf(office);
    await office.goto(`${demo.baseUrl}/account`);
    await button(office, /^Add a passkey$/).click();
    await office.getByText('Added. Next time').waitFor();
    await isAccessible(office, 'the account, with a passkey');
    await office.locator('main a[href^="/account/passkeys/"]').click();
    await isAccessible(office, 'a passkey');
    await link(office, 'Remove this passkey').click();
    await isAccessible(office, 'removing a passkey');
    await office.goto(`${demo.baseUrl}/sign-out`);
    await button(office, /^Sign out$/).click();
    await isAccessible(office, 'signing in with a passkey');
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
  const faults = [...await tooWide(page, [NARROWEST, PHONE, DESK]), ...await faultsInEveryLight(page, [PHONE, DESK])];
  assert.deepEqual(faults, [], name);
  await page.setViewportSize(PHONE);
}
