// An organiser's Monday: the overview emptied, forty requests answered, a term published, a returned letter put
// right, a letter read before it goes, and a venue corrected. With JavaScript and without.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { faultsOf } from './axe.mjs';
import { DESK, PHONE, button, launch, link, newPage, signIn, textOf } from './browser.mjs';
import { startSite, until } from './server.mjs';

const ASKING = 40;
const DRAFTS = 8;

const at = (days, hours) => new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 + (days * 24 + hours) * 3_600_000)
  .toISOString().slice(0, 16);

function files() {
  const numbers = (count) => Array.from({ length: count }, (_, at) => at + 1);
  const session = (code, mode, publication, venue = 'Town Hall') =>
    `${code},voice,oxford,${venue},1 High Street,,,60,,12,${mode},,,,,${publication}\n`;
  const drafts = numbers(DRAFTS).map((number) => `T00${number}`);
  return {
    alliances: 'slug,name,time_zone,contact_email\noxford,Oxford Citizens,Etc/UTC,oxford@turnout.example\n',
    courses: 'slug,title,summary,prerequisite,campaign,learning_hours,default_capacity\n'
      + 'voice,Find your voice,How to speak in public,,schools,3.0,60\n',
    institutions: 'code,name,kind,alliance,membership\nI0001,St Brigid’s School,school,oxford,member\n',
    staff: 'login,name,email,role,alliances\nola,Ola Okafor,ola@turnout.example,organiser,oxford\n',
    sessions: 'code,course,alliance,venue,address,access,online_url,capacity,places_per_institution,'
      + 'places_per_booking,mode,booking_opens,booking_closes,trainers,note,publication\n'
      + session('A001', 'approval', 'published') + session('V001', 'instant', 'published', 'Old Library')
      + drafts.map((code) => session(code, 'instant', 'draft')).join(''),
    sittings: 'session,number,starts,ends\n'
      + `A001,1,${at(30, 0)},${at(30, 3)}\nV001,1,${at(31, 0)},${at(31, 3)}\n`
      + drafts.map((code, week) => `${code},1,${at(40 + 7 * week, 0)},${at(40 + 7 * week, 2)}\n`).join(''),
    registrations: 'session,booking,institution,attendee,email,is_booker,dietary,access_needs,state\n'
      + numbers(ASKING).map((number) => `A001,a${number},I0001,Person ${number},p${number}@example.org,yes,,,requested\n`).join('')
      + 'V001,v1,I0001,Benedict Low,ben.low@example.org,yes,,,confirmed\n',
  };
}

for (const javaScriptEnabled of [true, false]) {
  describe(`An organiser’s Monday, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, site, page;

    before(async () => {
      site = await startSite(files());
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled, viewport: DESK });
      await signIn(page, await site.signInLink('ola@turnout.example'));
    });

    after(async () => {
      await browser?.close();
      await site?.stop();
    });

    // On a phone as on a desk nothing scrolls sideways, and axe finds nothing.
    async function isFine() {
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        const wide = await page.evaluate(() => {
          const right = (element) => element.getBoundingClientRect().right;
          const all = [...document.querySelectorAll('main *')].filter((element) => right(element) > window.innerWidth + 1);
          const isWide = document.documentElement.scrollWidth > window.innerWidth;
          return isWide ? all.map((element) => element.outerHTML.slice(0, 200)) : [];
        });
        assert.deepEqual(wide, [], `${page.url()} scrolls sideways at ${viewport.width} px`);
      }
      if (!javaScriptEnabled) return;
      assert.deepEqual(await faultsOf(page), [], page.url());
    }

    test('empties the overview', async () => {
      await page.goto(`${site.baseUrl}/office`);
      await isFine();
      for (let left = 40; (await button(page, /^Done/).count()) > 0; left -= 1) {
        assert.ok(left > 0, 'it does not end');
        await button(page, /^Done/).first().click();
        await page.goto(`${site.baseUrl}/office`);
      }
      assert.match(await textOf(page), /Nothing needs you/);
      await link(page, /^Done/).first().click();
      await button(page, /^Open again/).first().waitFor();
      await isFine();
    });

    test('answers forty requests at once', async () => {
      await page.goto(`${site.baseUrl}/office/sessions/A001/requests`);
      await isFine();
      const ticks = page.locator('#many').locator('xpath=..').locator('[name="tick"]');
      assert.equal(await ticks.count(), ASKING);
      for (const tick of await ticks.all()) await tick.check();
      await button(page, /^Say yes to those ticked$/).click();
      await isFine();
      await button(page, /40 bookings, 40 places/).click();
      await isFine();
      await page.goto(`${site.baseUrl}/office/sessions/A001/requests`);
      assert.match(await textOf(page), /Nobody asks for a place/);
    });

    test('publishes a term', async () => {
      await page.goto(`${site.baseUrl}/office/sessions?stage=draft`);
      await isFine();
      for (const tick of await page.locator('[name="tick"]').all()) await tick.check();
      await button(page, /^Publish those ticked$/).click();
      await isFine();
      await button(page, new RegExp(`^Publish ${DRAFTS} drafts$`)).click();
      await page.goto(`${site.baseUrl}/office/sessions`);
      assert.match(await textOf(page), new RegExp(`${DRAFTS + 2} sessions`));
      await page.goto(`${site.baseUrl}/office/season`);
      await isFine();
    });

    test('corrects an address from which letters come back', async () => {
      await until('the booking to be found by name', 60_000, async () => {
        await page.goto(`${site.baseUrl}/office/bookings?q=Benedict+Low`);
        return (await page.locator('main').getByRole('link', { name: /Benedict Low/ }).count()) > 0;
      });
      await isFine();
      await page.locator('main').getByRole('link', { name: /Benedict Low/ }).first().click();
      const booking = page.url();
      await button(page, /^Send/).first().click();
      await returned(await sentTo('ben.low@example.org'), 'ben.low@example.org');
      await page.goto(booking);
      assert.match(await textOf(page), /Letters to .* do not arrive/);
      await isFine();
      await link(page, /^Correct and send again/).first().click();
      await isFine();
      await page.locator('#email').fill('benedict.low@example.org');
      await button(page, /^Save and send again$/).click();
      assert.doesNotMatch(await textOf(page), /do not arrive/);
      await sentTo('benedict.low@example.org');
    });

    test('reads a letter before it goes, and adds words of her own', async () => {
      await page.goto(`${site.baseUrl}/office/sessions/V001/times`);
      await isFine();
      await page.locator('#d1_date').fill(at(33, 0).slice(0, 10));
      await page.locator('#words').fill('The library keeps the Sunday for a wedding.');
      await button(page, /letter first/).click();
      const text = await textOf(page);
      assert.match(text, /To Benedict Low, benedict\.low@example\.org/);
      assert.match(text, /A WORD FROM THE ORGANISER\s+The library keeps/);
      assert.doesNotMatch(text, /\/r\/[0-9a-z]{26}/);
      await isFine();
      await button(page, /^Change it and tell/).click();
      await page.goto(`${site.baseUrl}/office/sessions/V001`);
      await isFine();
    });

    test('keeps a venue, and corrects it once for every session', async () => {
      await page.goto(`${site.baseUrl}/office/venues/new`);
      await isFine();
      await page.locator('#name').fill('Town Hall');
      await page.locator('#address').fill('1 High Street');
      await button(page, /^Save$/).click();
      await isFine();
      await button(page, /to this venue$/).click();
      await page.locator('#address').fill('1 High Street, Oxford OX1 4AB');
      await button(page, /^Save$/).click();
      await isFine();
      assert.match(await textOf(page), /1 High Street, Oxford OX1 4AB/);
      await button(page, /^Correct it/).click();
      await page.goto(`${site.baseUrl}/sessions/T001`);
      assert.match(await textOf(page), /Oxford OX1 4AB/);
    });

    // The Message-ID of the newest letter to an address, once it has left.
    async function sentTo(address) {
      let id;
      await until(`a letter to ${address}`, 20_000, async () => {
        const folder = join(site.folder, 'mail');
        for (const name of await readdir(folder)) {
          const text = await readFile(join(folder, name), 'utf8');
          if (new RegExp(`^To: .*${address}`, 'm').test(text)) id = text.match(/^Message-ID: (<.*>)/mi)?.[1];
        }
        return Boolean(id);
      });
      return id;
    }

    // What a mail server says of a letter that nobody took, given to the program as a pipe gives it.
    async function returned(messageId, address) {
      const report = `From: MAILER-DAEMON@mx.example
To: trainings@turnout.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-${Date.now()}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ${address}
Action: failed
Status: 5.1.1

--B
Content-Type: message/rfc822

To: ${address}
Message-ID: ${messageId}
Subject: A place

--B--
`;
      await site.pipe(report.replaceAll('\n', '\r\n'), 'receive-reply');
    }
  });
}
