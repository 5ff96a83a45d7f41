// The door of an assembly: three hundred people, two phones, one of them in a cellar while the other closes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { button, launch, newPage, signIn } from './browser.mjs';
import { startSite, startWire, until } from './server.mjs';

const SOON = 20_000;
const PEOPLE = 300;
const DOOR = '/trainer/sessions/S001/check-in/1';
// What people of all countries are called, so that some are found only by who folds their letters.
const FIRST = ['Élodie', 'Łukasz', 'Siobhán', 'Ọlá', 'Đặng', 'Zoë', 'Søren', 'Ada', 'Ben', 'Chloë'];
const LAST = ['O’Neill', 'Święty', 'Müller', 'Nguyễn', 'Adéyẹmí', 'Obi', 'Low', 'Dunn', 'Núñez', 'van der Berg'];

// Names hold no digits.
const letters = (number) => [...String(number)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
const nameOf = (at) => `${FIRST[at % 10]} ${LAST[Math.floor(at / 10) % 10]} Q${letters(at)}`;

function files() {
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16);
  const people = Array.from({ length: PEOPLE }, (_, number) =>
    `S001,S001-${number},I0001,${nameOf(number)},n${number}@example.org,yes,,,confirmed`);
  return {
    alliances: 'slug,name,time_zone,contact_email\noxford,Oxford Citizens,Etc/UTC,oxford@turnout.example\n',
    courses: 'slug,title,summary,prerequisite,campaign,learning_hours,default_capacity\n'
      + 'assembly,Assembly,What we do together,,leadership,3.0,400\n',
    institutions: 'code,name,kind,alliance,membership\nI0001,St Brigid’s,faith,oxford,member\n',
    staff: 'login,name,email,role,alliances\nola,Ola Okafor,ola@turnout.example,organiser,oxford\n'
      + 'uma,Uma Rees,uma@turnout.example,organiser,oxford\n',
    sessions: 'code,course,alliance,venue,address,access,online_url,capacity,places_per_institution,'
      + 'places_per_booking,mode,booking_opens,booking_closes,trainers,note\n'
      + 'S001,assembly,oxford,Town Hall,1 High Street,,,400,,6,instant,,,ola;uma,\n',
    sittings: `session,number,starts,ends\nS001,1,${at(-1)},${at(3)}\n`,
    registrations: 'session,booking,institution,attendee,email,is_booker,dietary,access_needs,state\n'
      + `${people.join('\n')}\n`,
  };
}

describe('The door with three hundred people', () => {
  let browser, site, wire, mine, theirs;

  before(async () => {
    site = await startSite(files());
    wire = await startWire(site.baseUrl);
    browser = await launch();
    mine = await newPage(browser);
    await signIn(mine, (await site.signInLink('ola@turnout.example')).replace(site.baseUrl, wire.baseUrl));
    theirs = await newPage(browser);
    await signIn(theirs, await site.signInLink('uma@turnout.example'));
    await mine.goto(wire.baseUrl + DOOR);
    await theirs.goto(site.baseUrl + DOOR);
  });

  after(async () => {
    await browser?.close();
    await wire?.stop();
    await site?.stop();
  });

  const number = async (page, id) => Number(await page.locator(`#${id}`).innerText());
  const here = (page, count) => until(`${count} here`, SOON, async () => (await number(page, 'here-count')) === count);
  const unsent = (page) => page.locator('#unsent').innerText();
  const rows = (page) => page.locator('#missing .door-row:not([hidden])');
  const search = (page) => page.getByLabel('Find a name, institution or number');

  test('finds people however a phone types their names', async () => {
    assert.equal(await number(mine, 'expected'), PEOPLE);
    assert.equal(await rows(mine).count(), PEOPLE);
    for (const [typed, at] of [
      ['elodie oneill q', 0], ['ELODIE O\'NEILL', 0], ['lukasz swiety', 11], ['søren nguyen', 36], ['soren nguyễn', 36],
      ['dang adeyemi', 44], ['ola nunez', 83], ['siobhan muller', 22], ['zoe obi', 55],
    ]) {
      await search(mine).fill(typed);
      const found = await rows(mine).locator('.door-name').allInnerTexts();
      assert.ok(found.includes(nameOf(at)), `${typed} finds ${found.slice(0, 4).join(', ')}`);
      assert.ok(found.length <= 3, `${typed} finds ${found.length}`);
    }
    await search(mine).fill('');
    assert.equal(await rows(mine).count(), PEOPLE);
  });

  test('a tap near the end leaves the page where it is', async () => {
    for (const fromEnd of [3, 20, 1]) {
      const row = rows(mine).nth((await rows(mine).count()) - fromEnd);
      const name = await row.locator('.door-name').innerText();
      await row.scrollIntoViewIfNeeded();
      const next = rows(mine).nth((await rows(mine).count()) - fromEnd - 1);
      const before = await next.evaluate((one) => one.getBoundingClientRect().top);
      const place = await mine.evaluate(() => scrollY);
      await row.getByRole('button', { name: /^Check in/ }).click();
      await mine.locator('#here').getByText(name, { exact: true }).waitFor({ state: 'attached' });
      assert.equal(await mine.evaluate(() => scrollY), place, `the page moved when ${name} came`);
      const after = await next.evaluate((one) => one.getBoundingClientRect().top);
      assert.ok(Math.abs(after - before) < 2, `whoever stands above ${name} moved by ${after - before}`);
    }
    await here(mine, 3);
    await until('the taps to be sent', SOON, async () => (await unsent(mine)) === '');
    await theirs.reload();
    await here(theirs, 3);
  });

  test('what a phone saw without signal outlives the closing of the day by another', async () => {
    await until('the page to be kept', SOON, () => mine.evaluate(async () => {
      const kept = await (await caches.open('door-1')).keys();
      return kept.some((one) => one.url === location.href) && kept.length > 5;
    }));
    wire.cut();
    const names = [];
    for (let tap = 1; tap <= 40; tap += 1) {
      const row = rows(mine).nth(tap * 3);
      names.push(await row.locator('.door-name').innerText());
      await row.getByRole('button', { name: /^Check in/ }).click();
    }
    await here(mine, 43);
    await until('word of unsent taps', SOON, async () => (await unsent(mine)).includes('40 taps are not sent yet'));

    await theirs.goto(`${site.baseUrl}${DOOR}/close`);
    assert.match(await theirs.locator('main').innerText(), /3 came\. 297 people are not here/);
    await button(theirs, 'Close the day').click();
    await theirs.waitForURL(/\/check-in\/1\?/);
    assert.match(await theirs.locator('main').innerText(), /297/);

    wire.mend();
    await mine.evaluate(() => window.dispatchEvent(new Event('online')));
    await until('everything to be sent', SOON, async () => (await unsent(mine)) === '');
    await here(mine, 43);
    await until('word of what came after closing', SOON, async () => /after closing/.test(await mine.locator('#late').innerText()));

    await theirs.goto(site.baseUrl + DOOR);
    await here(theirs, 43);
    const late = await theirs.locator('#late').innerText();
    assert.match(late, /Arrived after closing, and counted/);
    for (const name of names) {
      assert.ok(late.includes(name), `${name} is not among those who came: ${late.slice(0, 300)}`);
      assert.equal(await theirs.locator('#here').getByText(name, { exact: true }).count(), 1, name);
    }
    assert.equal(await number(theirs, 'missing-count'), PEOPLE - 43);
    await theirs.goto(`${site.baseUrl}/trainer/sessions/S001/roster`);
    assert.match(await theirs.locator('main').innerText(), /43/);
  });
});
