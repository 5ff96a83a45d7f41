// Whoever booked places on the six-day says on a phone how somebody stays; the organiser suggests rooms, moves somebody,
// prints the list, and tells everybody.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { faultsInEveryLight } from './axe.mjs';
import { DESK, PHONE, button, launch, link, linkInLetter, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

describe('Staying overnight', () => {
  let browser, demo, page, office;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser, { viewport: PHONE, reducedMotion: 'reduce' });
    office = await newPage(browser, { viewport: DESK, reducedMotion: 'reduce' });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('the page of the session says which nights', async () => {
    await page.goto(`${demo.baseUrl}/sessions/S011`);
    assert.match(await textOf(page), /You stay 5 nights/);
  });

  test('somebody says on a phone how she stays, and is told what cannot be', async () => {
    await signIn(office, demo.officeLink());
    await office.goto(`${demo.baseUrl}/office/sessions/S011/requests`);
    for (const box of await office.locator('input[name=tick]').all()) await box.check();
    await button(office, /^Say yes to those ticked$/).click();
    const sure = office.locator('form').filter({ has: office.locator('input[name=sure]') });
    await sure.getByRole('button').first().click();
    await office.waitForURL((address) => !address.pathname.endsWith('/many'));
    const own = await linkInLetter(page, demo.baseUrl, 'olu.oneill2@example.org', '', '/r');
    await page.goto(own);
    await link(page, /Say which nights/).click();
    await link(page, /how Kwame Adeyemi stays$/).click();
    assert.match(await textOf(page), /How Kwame Adeyemi stays/);
    await page.getByLabel('Only some nights').check();
    await button(page, /^Save$/).click();
    assert.match(await textOf(page), /Tick the nights on which you stay/);
    await isAccessible(page, 'a stay with an error');
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('Who would you like to share a room with?').fill('Ewa Mensah');
    await page.getByLabel('A quiet room').check();
    await button(page, /^Save$/).click();
    assert.match(await textOf(page), /Saved/);
  });

  test('the organiser suggests rooms, moves somebody, and keeps it', async () => {
    await office.goto(`${demo.baseUrl}/office/sessions/S011/rooms`);
    assert.match(await textOf(office), /Ewa Mensah/);
    await isAccessible(office, 'the rooms');
    await link(office, /^Suggest rooms for them$/).click();
    assert.match(await textOf(office), /This is a draft/);
    await isAccessible(office, 'a draft');
    await office.getByLabel('Room of Kwame Adeyemi').selectOption({ label: 'The Barn, 6' });
    await button(office, /^Keep this draft$/).click();
    assert.match(await textOf(office), /Saved/);
    assert.match(await textOf(office), /Not quiet/);
    await button(office, /^Read the letters first$/).click();
    assert.match(await textOf(office), /you sleep in/);
    await isAccessible(office, 'the letters before they go');
    await button(office, /^Tell them now$/).click();
    assert.match(await textOf(office), /people are told/);
    assert.doesNotMatch(await textOf(office), /Tell everybody their room/, 'nobody is told twice');
    await link(office, /^The rooming list, to print$/).click();
    assert.match(await textOf(office), /The Barn, 6 beds/);
    await isAccessible(office, 'the rooming list');
  });
});

async function isAccessible(page, name) {
  assert.deepEqual(await faultsInEveryLight(page, [PHONE, DESK]), [], name);
}
