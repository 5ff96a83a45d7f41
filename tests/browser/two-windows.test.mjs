// Two organisers have one session open, each in a window of her own: with JavaScript and without.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { button, launch, newPage, signIn, textOf } from './browser.mjs';
import { startSite, until } from './server.mjs';

const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function files() {
  const sessions = ['S001', 'S002'];
  return {
    alliances: 'slug,name,time_zone,contact_email\noxford,Oxford Citizens,Europe/London,oxford@turnout.example\n',
    courses: 'slug,title,summary,prerequisite,campaign,learning_hours,default_capacity\n'
      + 'first,First course,What is taught,,leadership,6.0,30\n',
    institutions: 'code,name,kind,alliance,membership\nI0001,St Brigid’s,faith,oxford,member\n',
    staff: 'login,name,email,role,alliances\nruth,Ruth Okafor,ruth@turnout.example,organiser,oxford\n'
      + 'mary,Mary Rees,mary@turnout.example,organiser,oxford\n',
    sessions: 'code,course,alliance,venue,address,access,online_url,capacity,places_per_institution,'
      + 'places_per_booking,mode,booking_opens,booking_closes,trainers,note\n'
      + sessions.map((code) => `${code},first,oxford,Town Hall,1 High Street,,,30,,6,instant,,,ruth,\n`).join(''),
    sittings: 'session,number,starts,ends\n'
      + sessions.map((code) => `${code},1,${day(30)}T10:00,${day(30)}T12:00\n`).join(''),
    registrations: 'session,booking,institution,attendee,email,is_booker,dietary,access_needs\n'
      + sessions.map((code) => `${code},${code}-1,I0001,Ada Obi,ada@example.org,yes,,\n`).join(''),
  };
}

describe('Two organisers’ windows on one session', () => {
  let browser, site;

  before(async () => {
    site = await startSite(files());
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const [javaScriptEnabled, code] of [[true, 'S001'], [false, 'S002']]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
    const office = (page) => `${site.baseUrl}/office/sessions/${code}${page}`;
    const save = (page) => button(page, /^Save$/).click();
    let ruth, mary;

    // Each opens the same page before either of them saves.
    async function bothOpen(page) {
      await ruth.goto(office(page));
      await mary.goto(office(page));
    }

    async function saved(page) {
      await page.waitForURL((address) => address.pathname === `/office/sessions/${code}`);
    }

    // What the form says now, read in a window of its own.
    async function standing(...ids) {
      const page = await newPage(browser);
      await page.context().addCookies(await ruth.context().cookies());
      await page.goto(office('/edit'));
      const values = [];
      for (const id of ids) values.push(await page.locator(`#${id}`).inputValue());
      await page.context().close();
      return values;
    }

    test(`both sign in, ${how}`, async () => {
      ruth = await newPage(browser, { javaScriptEnabled });
      mary = await newPage(browser, { javaScriptEnabled });
      await signIn(ruth, await site.signInLink('ruth@turnout.example'));
      await signIn(mary, await site.signInLink('mary@turnout.example'));
    });

    test(`different fields are both kept, ${how}`, async () => {
      await bothOpen('/edit');
      await ruth.locator('#note').fill('Bring photo ID');
      await save(ruth);
      await saved(ruth);
      await mary.locator('#access').fill('Lift out of order');
      await save(mary);
      await saved(mary);
      assert.deepEqual(await standing('note', 'access'), ['Bring photo ID', 'Lift out of order']);
    });

    test(`the same field is shown with both words, and nothing is lost, ${how}`, async () => {
      await bothOpen('/edit');
      await ruth.locator('#note').fill('Bring a pen');
      await save(ruth);
      await saved(ruth);
      await mary.locator('#note').fill('Bring two pens');
      await mary.locator('#per_booking').fill('4');
      const answer = mary.waitForResponse((one) => one.request().method() === 'POST');
      await save(mary);
      assert.equal((await answer).status(), 409);
      const text = await textOf(mary);
      for (const words of ['There is a problem', 'Ruth Okafor changed this', 'Bring a pen', 'Bring two pens']) {
        assert.ok(text.includes(words), `${words} in ${text}`);
      }
      assert.equal(await mary.locator('#note').inputValue(), 'Bring two pens');
      assert.equal(await mary.locator('#per_booking').inputValue(), '4');
      assert.deepEqual(await standing('note', 'per_booking'), ['Bring a pen', '6']);
      // She has seen both, and chooses hers.
      await save(mary);
      await saved(mary);
      assert.deepEqual(await standing('note', 'per_booking'), ['Bring two pens', '4']);
    });

    test(`whoever leaves the other’s words has them, ${how}`, async () => {
      await bothOpen('/edit');
      await ruth.locator('#note').fill('Bring a cake');
      await save(ruth);
      await saved(ruth);
      await mary.locator('#note').fill('Bring nothing');
      await save(mary);
      await mary.getByRole('heading', { name: 'There is a problem' }).waitFor();
      await mary.locator('#note').fill('Bring a cake');
      await save(mary);
      await saved(mary);
      assert.deepEqual(await standing('note'), ['Bring a cake']);
    });

    test(`a page of times that is out of date tells nobody, ${how}`, async () => {
      await bothOpen('/times');
      await ruth.locator('#d1_date').fill(day(37));
      await button(ruth, /^Change it and tell/).click();
      await saved(ruth);
      const told = await letters(ruth);
      assert.ok(told > 0, 'Ada is told');
      await mary.locator('#d1_start').fill('14:00');
      await mary.locator('#d1_end').fill('16:00');
      const answer = mary.waitForResponse((one) => one.request().method() === 'POST');
      await button(mary, /^Change it and tell/).click();
      assert.equal((await answer).status(), 409);
      assert.ok((await textOf(mary)).includes('Ruth Okafor'), await textOf(mary));
      assert.equal(await mary.locator('#d1_start').inputValue(), '14:00');
      assert.equal(await letters(ruth), told);
      await ruth.goto(office(''));
      assert.match(await textOf(ruth), /10am to noon/);
    });
  }

  // How many letters were written, once all of them have left.
  async function letters(page) {
    const back = page.url();
    const listed = async (progress) => {
      await page.goto(`${site.baseUrl}/office/letters?progress=${progress}`);
      return page.locator('main tbody tr').count();
    };
    await until('every letter to leave', 20_000, async () => (await listed('queued')) === 0);
    const count = await listed('sent');
    await page.goto(back);
    return count;
  }
});
