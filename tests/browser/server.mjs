// Turnout for one test: its own folder, its own port, stopped by its own process id.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 10_000;

// Starts `$TURNOUT_BIN demo` and resolves when it is ready to answer.
export async function startDemo() {
  const program = process.env.TURNOUT_BIN;
  if (!program) throw new Error('set TURNOUT_BIN to the turnout program, or run ./test');
  const folder = await mkdtemp(join(tmpdir(), 'turnout-browser-'));
  const port = await freePort();
  const child = spawn(program, ['demo'], {
    cwd: folder,
    env: { ...plainEnvironment(), ROCKET_PORT: String(port), TURNOUT_RATE_LIMITS: 'off', TURNOUT_CHECK_IN_HOURS: '336' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const demo = new Demo(child, folder, `http://localhost:${port}`);
  return ready(demo, () => demo.ready());
}

// Starts a site of one's own with what stands in these files, as `turnout import` reads them, by name;
// its `signInLink` signs an account in.
export async function startSite(files) {
  const folder = await mkdtemp(join(tmpdir(), 'turnout-browser-'));
  const port = await freePort();
  await mkdir(join(folder, 'data'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'data', `${name}.csv`), text);
  const env = {
    ...plainEnvironment(), ROCKET_PORT: String(port), TURNOUT_RATE_LIMITS: 'off', TURNOUT_GATHER_SECONDS: '0', TURNOUT_UNDO_SECONDS: '0',
    TURNOUT_PUBLIC_URL: `http://localhost:${port}`, TURNOUT_DATABASE_URL: `sqlite://${folder}/turnout.db`,
    TURNOUT_MAIL: `folder:${folder}/mail`,
  };
  const run = (...words) => promisify(execFile)(process.env.TURNOUT_BIN, words, { cwd: folder, env });
  const pipe = (text, ...words) => new Promise((resolve, reject) => {
    const taker = execFile(process.env.TURNOUT_BIN, words, { cwd: folder, env }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    taker.stdin.end(text);
  });
  await run('migrate');
  await run('import', 'data');
  const child = spawn(process.env.TURNOUT_BIN, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const site = new Demo(child, folder, `http://localhost:${port}`);
  site.pipe = pipe;
  site.signInLink = async (email) => (await run('staff', 'sign-in-link', email)).stdout.match(/http\S+/)[0];
  return ready(site, () => site.answers());
}

async function ready(site, isReady) {
  try {
    await isReady();
  } catch (error) {
    await site.stop();
    throw error;
  }
  return site;
}

class Demo {
  #child;
  #printed = [];
  #spawnError;

  constructor(child, folder, baseUrl) {
    this.#child = child;
    this.folder = folder;
    this.baseUrl = baseUrl;
    child.once('error', (error) => (this.#spawnError = error));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#printed.push(line));
    }
  }

  async answers() {
    await until(`an answer from ${this.baseUrl}/health/ready`, READY_WITHIN, async () => {
      if (this.#spawnError) throw new Stop(this.#spawnError.message);
      if (this.#child.exitCode !== null) throw new Stop(`the demo ended early\n${this.log()}`);
      return (await fetch(`${this.baseUrl}/health/ready`)).ok;
    });
  }

  async ready() {
    await this.answers();
    await until('the printed sign-in links', STOPPED_WITHIN, () => this.signInLinks().length > 0);
  }

  // Every printed sign-in link, with the words that introduce it (its own line and the one before).
  signInLinks() {
    return this.#printed.flatMap((line, at) => {
      const found = line.match(/\S*\/sign-in\/[^\s"'<>]+/);
      if (!found) return [];
      const own = line.replace(found[0], '').trim();
      const words = own || (this.#printed[at - 1] ?? '');
      const path = found[0].slice(found[0].indexOf('/sign-in/'));
      return [{ words, url: this.baseUrl + path }];
    });
  }

  trainerLink() {
    const links = this.signInLinks();
    return (links.find(({ words }) => /trainer/i.test(words)) ?? links[0]).url;
  }

  // The link of somebody who may see every session; undefined where none is printed.
  officeLink() {
    const links = this.signInLinks();
    const named = (pattern) => links.find(({ words }) => pattern.test(words));
    return (named(/office|admin/i) ?? named(/organiser/i))?.url;
  }

  log() {
    return this.#printed.join('\n');
  }

  async stop() {
    if (this.#child.pid && this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const patience = new AbortController();
      const last = pause(STOPPED_WITHIN, 'late', { signal: patience.signal }).catch(() => {});
      if ((await Promise.race([ended, last])) === 'late') this.#child.kill('SIGKILL');
      patience.abort();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

class Stop extends Error {}

// Asks again and again until `condition` holds; fails with what it was waiting for.
export async function until(what, within, condition) {
  const end = Date.now() + within;
  let last = '';
  while (Date.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      if (error instanceof Stop) throw error;
      last = `: ${error.message}`;
    }
    await pause(50);
  }
  throw new Error(`waited ${within / 1000} s for ${what}${last}`);
}

// Without settings of whoever runs the tests: a DATABASE_URL of theirs is not ours to write to.
function plainEnvironment() {
  const theirs = /^(DATABASE_URL$|ROCKET_|TURNOUT_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !theirs.test(name)));
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

// A way to a server that can be cut, as the signal in a church hall is: not by the browser's leave,
// but for every request, whoever makes it.
export async function startWire(baseUrl) {
  const { port } = new URL(baseUrl);
  const open = new Set();
  let isCut = false;
  const wire = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => { open.delete(one); other.destroy(); });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const hangUp = () => open.forEach((socket) => socket.destroy());
  return {
    baseUrl: `http://127.0.0.1:${wire.address().port}`,
    cut() { isCut = true; hangUp(); },
    mend() { isCut = false; },
    async stop() { hangUp(); wire.close(); await once(wire, 'close'); },
  };
}
