// A passkey, on a device that Chromium plays (Web Authentication's virtual authenticator): offered
// once after a link, added, used instead of a link, renamed, removed; and a browser without any.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { button, deviceOf, launch, link, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const KEY = /^Sign in with a passkey$/;

describe('A passkey', () => {
  let browser, demo, page, device;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser);
    device = await deviceOf(page);
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('is offered once after a link, and added', async () => {
    await signIn(page, demo.trainerLink());
    await page.getByRole('heading', { name: 'Sign in quicker next time' }).waitFor();
    assert.match(await page.locator('[name="name"]').inputValue(), /^My /);
    await page.locator('[name="name"]').fill('The blue phone');
    await button(page, /^Add a passkey$/).click();
    await page.getByText('Added. Next time, sign in with your passkey.').waitFor();
    await link(page, 'The blue phone').waitFor();
    const keys = await device.keys();
    assert.equal(keys.length, 1);
    assert.equal(keys[0].isResidentCredential, true, 'it knows whose it is');
  });

  test('signs in without an address being typed', async () => {
    await signOut();
    await button(page, KEY).click();
    await page.waitForURL(/\/trainer$/);
    await page.goto(`${demo.baseUrl}/account`);
    assert.match(await textOf(page), /Signed in with a passkey/);
  });

  test('is not added twice on one device', async () => {
    await button(page, /^Add a passkey$/).click();
    await page.getByText('This device has a passkey for your account already.').waitFor();
    assert.equal((await device.keys()).length, 1);
  });

  test('is refused in words where the finger is another’s', async () => {
    await signOut();
    await device.shows(false);
    await button(page, KEY).click();
    await page.getByText(/^Nothing was found/).waitFor();
    await device.shows(true);
    await page.locator('[name="remember"]').check();
    await button(page, KEY).click();
    await page.waitForURL(/\/trainer$/);
    const [cookie] = await page.context().cookies();
    assert.ok(cookie.expires > Date.now() / 1000 + 29 * 86_400, 'for a month, if asked');
  });

  test('is renamed, removed, and signs nobody in any more', async () => {
    await page.goto(`${demo.baseUrl}/account`);
    await link(page, 'The blue phone').click();
    await page.locator('[name="name"]').fill('The old phone');
    await button(page, /^Save$/).click();
    await link(page, 'The old phone').click();
    await link(page, 'Remove this passkey').click();
    await button(page, /^Yes, remove it$/).click();
    await page.getByText('That passkey signs nobody in any more.').waitFor();
    await signOut();
    await button(page, KEY).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    assert.match(await textOf(page), /This passkey does not sign anybody in here/);
    assert.equal(new URL(page.url()).pathname, '/sign-in/passkey');
  });

  test('is not asked of a browser without JavaScript', async () => {
    const plain = await newPage(browser, { javaScriptEnabled: false });
    await plain.goto(`${demo.baseUrl}/sign-in`);
    assert.equal(await button(plain, KEY).count(), 0);
    await plain.locator('[name="email"]').fill('office@turnout.example');
    await button(plain, /^Email me a link$/).click();
    await plain.getByRole('heading', { name: /Check your email/ }).waitFor();
    await signIn(plain, demo.officeLink());
    assert.equal(new URL(plain.url()).pathname, '/office', 'nor offered');
    await plain.goto(`${demo.baseUrl}/account`);
    assert.match(await textOf(plain), /This browser cannot keep a passkey/);
  });

  async function signOut() {
    await page.goto(`${demo.baseUrl}/sign-out`);
    await button(page, /^Sign out$/).click();
    await page.waitForURL(/\/sign-in$/);
  }
});
