// A head of year books six pupils on a phone, and puts right afterwards what was wrong: her own address, a name,
// one pupil more; and a pupil gives her place up under her own link.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PHONE, button, launch, link, newPage, textOf } from './browser.mjs';
import { startSite } from './server.mjs';

const HIGHEST = 2_000;
const HEAD = { name: 'Ottoline Quartermain', email: 'ottoline@example.org', tel: '07700 900117' };
const PUPILS = ['Peregrine Ashdown', 'Zenobia Fairweather', 'Ignatius Lovell', 'Clementine Okafor', 'Barnaby Thistle',
  'Rosalind Marsh'];

function files() {
  const at = (days, hours) => new Date(Date.now() + (days * 24 + hours) * 3_600_000).toISOString().slice(0, 16);
  return {
    alliances: 'slug,name,time_zone,contact_email\noxford,Oxford Citizens,Etc/UTC,oxford@turnout.example\n',
    courses: 'slug,title,summary,prerequisite,campaign,learning_hours,default_capacity,needs_guardian\n'
      + 'voice,Find your voice,What pupils can say,,schools,3.0,40,yes\n',
    institutions: 'code,name,kind,alliance,membership\nI0001,St Brigid’s School,school,oxford,member\n',
    staff: 'login,name,email,role,alliances\nola,Ola Okafor,ola@turnout.example,organiser,oxford\n',
    sessions: 'code,course,alliance,venue,address,access,online_url,capacity,places_per_institution,'
      + 'places_per_booking,mode,booking_opens,booking_closes,trainers,note\n'
      + 'S001,voice,oxford,Town Hall,1 High Street,,,40,,12,instant,,,ola,\n',
    sittings: `session,number,starts,ends\nS001,1,${at(14, 0)},${at(14, 3)}\n`,
    registrations: 'session,booking,institution,attendee,email,is_booker,dietary,access_needs,state\n',
  };
}

for (const javaScriptEnabled of [true, false]) {
  describe(`Six pupils, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, site, page, manage;

    before(async () => {
      site = await startSite(files());
      browser = await launch();
      page = await newPage(browser, { javaScriptEnabled, viewport: PHONE });
    });

    after(async () => {
      await browser?.close();
      await site?.stop();
    });

    async function fits(highest = HIGHEST) {
      const [height, width] = await page.evaluate(() =>
        [document.documentElement.scrollHeight, document.documentElement.scrollWidth]);
      assert.ok(height <= highest, `${page.url()} is ${height} px high, at most ${highest}`);
      assert.ok(width <= PHONE.width, `${page.url()} scrolls sideways: ${width} px`);
    }

    test('are named in one box, with one adult responsible for all', async () => {
      await page.goto(`${site.baseUrl}/sessions/S001/register`);
      await page.locator('[name="places"][value="6"]').check();
      await page.locator('[name="self"][value="no"]').check();
      for (const [name, value] of Object.entries(HEAD)) await page.locator(`[name="${name}"]`).fill(value);
      await page.locator('select[name="institution"]').selectOption('I0001');
      await fits();
      await button(page, /^Continue$/).click();
      await page.getByText('Step 2 of 3').waitFor();
      await fits();
      await page.locator('[name="minors"][value="leader"]').check();
      await page.locator('[name="names"]').fill(PUPILS.join('\n'));
      await button(page, /^Continue$/).click();
      await page.getByText('Step 3 of 3').waitFor();
      await fits();
      // The page may still be on its way when its head is read.
      for (const name of PUPILS) await page.locator('main').getByText(name).first().waitFor();
      await page.locator('[name="permission"]').check();
      await button(page, /^Book 6 places$/).click();
      await page.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
      await link(page, /^Change or cancel/).first().click();
      manage = page.url();
      assert.match(await textOf(page), /6 people are coming/);
    });

    test('their head of year corrects her own address, a name and the number', async () => {
      await page.goto(`${manage}/contact`);
      await page.locator('[name="leader_email"]').fill('o.quartermain@example.org');
      await button(page, /^Save$/).click();
      await page.goto(`${manage}/places/1`);
      await page.locator('[name="name"]').fill('Peregrine Ashdowne');
      await page.locator('[name="email"]').fill('peregrine@example.org');
      await button(page, /^Save corrections$/).click();
      await page.goto(`${manage}/add`);
      await page.locator('[name="name"]').fill('Lucinda Vane');
      await button(page, /^Add this person$/).click();
      const text = await textOf(page);
      assert.match(text, /7 people are coming/);
      for (const name of ['Peregrine Ashdowne', 'Lucinda Vane']) assert.ok(text.includes(name), name);
      await fits(3_600);
    });

    test('one of them gives the place up under a link of her own', async () => {
      const own = await ownLink();
      await page.goto(own);
      assert.match(await textOf(page), /Peregrine Ashdowne, this is your place/);
      await page.goto(`${own}/cancel`);
      await button(page, /^Yes, give up my place$/).click();
      assert.match(await textOf(page), /You gave up this place|You gave it up|given up/i);
      await page.goto(manage);
      assert.match(await textOf(page), /6 people are coming/);
    });

    // Under the leader's page, since this site has no mailbox to read letters in.
    async function ownLink() {
      await page.goto(`${manage}/share`);
      await button(page, /^Make their messages and slips$/).click();
      const message = page.locator('textarea').filter({ hasText: 'Peregrine' }).first();
      const words = await message.inputValue();
      return words.match(new RegExp(`${site.baseUrl}/p/[0-9a-z]+`))[0];
    }
  });
}
