// Chromium, and the steps a person takes in Turnout, by the labels and buttons she sees.

import { chromium } from 'playwright-core';

import { until } from './server.mjs';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

export const TEAM = {
  leader: { name: 'Ottoline Quartermain', email: 'ottoline.quartermain@example.org' },
  second: { name: 'Peregrine Ashdown', email: 'peregrine.ashdown@example.org' },
  third: { name: 'Zenobia Fairweather' },
};

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ARGUMENTS,
  });
}

export async function newPage(browser, options) {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', ...options });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

const main = (page) => page.locator('main');
export const button = (page, name) => main(page).getByRole('button', { name });
export const link = (page, name) => main(page).getByRole('link', { name });

// From the catalogue to step 1 of the first training that can be booked; its code.
export async function openBooking(page, baseUrl) {
  await page.goto(`${baseUrl}/`);
  await link(page, /^Book places/).first().click();
  if ((await page.locator('[name="places"]').count()) === 0) {
    await link(page, /^Book places/).first().click();
  }
  await page.locator('[name="places"]').first().waitFor();
  const code = new URL(page.url()).pathname.match(/^\/sessions\/([^/]+)\//);
  if (!code) throw new Error(`no session in the address ${page.url()}`);
  return code[1];
}

// Step 1: three places, I am coming too, who I am, where I belong.
export async function fillStepOne(page) {
  await page.locator('[name="places"][value="3"]').check();
  await page.locator('[name="self"][value="yes"]').check();
  await page.locator('[name="name"]').fill(TEAM.leader.name);
  await page.locator('[name="email"]').fill(TEAM.leader.email);
  const institution = page.locator('select[name="institution"]');
  const values = await institution.locator('option').evaluateAll((all) => all.map((o) => o.value));
  await institution.selectOption(values.find((value) => value !== '' && value !== 'other'));
}

// Step 1, or the waiting list: somebody who comes for herself and `places - 1` others.
export async function fillAlone(page, who, places) {
  await page.locator(`[name="places"][value="${places}"]`).check();
  await page.locator('[name="self"][value="yes"]').check();
  await page.locator('[name="name"]').fill(who.name);
  await page.locator('[name="email"]').fill(who.email);
  await page.locator('select[name="institution"]').selectOption('none');
}

// The private link in the newest letter to somebody with this subject.
export async function linkInLetter(page, baseUrl, address, subject, path) {
  let found;
  await until(`the letter "${subject}" to ${address}`, 20_000, async () => {
    await page.goto(`${baseUrl}/mailbox`);
    const rows = page.locator('main tr').filter({ hasText: address }).filter({ hasText: subject });
    if ((await rows.count()) === 0) return false;
    await rows.first().getByRole('link').first().click();
    const text = await textOf(page);
    found = text.match(new RegExp(`${baseUrl}${path}/[0-9a-z]+`))?.[0];
    return Boolean(found);
  });
  return found;
}

// Step 2: the names of all three, and an address for one.
export async function fillStepTwo(page) {
  await page.locator('[name="p1_name"]').fill(TEAM.leader.name);
  await page.locator('[name="p2_name"]').fill(TEAM.second.name);
  await page.locator('[name="p2_email"]').fill(TEAM.second.email);
  await page.locator('[name="p3_name"]').fill(TEAM.third.name);
}

export async function continueTo(page, step) {
  await button(page, /^Continue$/).click();
  await main(page).getByText(`Step ${step} of 3`).waitFor();
}

// Step 3: the people named know; book.
export async function confirm(page) {
  await page.locator('[name="permission"]').check();
  await button(page, /^Book 3 places$/).click();
  await main(page).getByRole('heading', { name: /You[’']re booked/ }).waitFor();
}

export async function signIn(page, url) {
  await page.goto(url);
  await button(page, /^Sign in$/).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
}

// A phone with a finger on it that keeps passkeys, in the protocol's own words for what it can do.
export async function deviceOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  const keys = async () => {
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    return credentials;
  };
  const shows = (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  return { keys, shows };
}

export const textOf = (page) => main(page).innerText();
