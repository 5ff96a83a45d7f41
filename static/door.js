/* The door without signal. Taps count on the device at once, are kept on it until they are sent, and
   are sent in bundles that change nothing when they arrive twice. Without this file the same
   buttons work, one page at a time, while there is signal. */
(function () {
  var door = document.getElementById('door');
  if (!door || !window.fetch || !window.localStorage || !window.crypto) return;
  var path = door.getAttribute('data-path');
  var key = 'door:' + path;
  var ends = Number(door.getAttribute('data-ends')) * 1000;
  var taps = document.getElementById('taps');
  var lists = { here: document.getElementById('here'), missing: document.getElementById('missing') };
  var order = Array.from(document.querySelectorAll('[data-place]')).sort(byName);
  var opens = Number(door.getAttribute('data-opens')) * 1000;
  var sending = false;
  var trouble = '';

  function byName(a, b) {
    var name = function (row) { return row.querySelector('.door-name').textContent; };
    return name(a).localeCompare(name(b));
  }

  // ---- what is kept on the device ---------------------------------------------------------------

  function kept() {
    try {
      var found = JSON.parse(localStorage.getItem(key));
      if (found && found.queue) return found;
    } catch (error) { /* unreadable: begin anew */ }
    return { queue: [], standing: null, refused: [] };
  }

  function keep(state) {
    try { localStorage.setItem(key, JSON.stringify(state)); } catch (error) { trouble = 'full'; }
  }

  function forget() {
    localStorage.removeItem(key);
    var worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (worker) worker.postMessage({ forget: true });
  }

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function add(item) {
    // Nobody can have been there yet: what is tapped for a try must not be sent.
    if (Date.now() < opens) {
      var early = document.getElementById('early');
      early.hidden = false;
      early.scrollIntoView({ block: 'nearest' });
      return;
    }
    var state = kept();
    item.uid = newId();
    item.when = Date.now();
    // The page says so from the end of the day on.
    item.correction = item.when > ends;
    state.queue.push(item);
    keep(state);
    draw();
    send();
  }

  // ---- where the door stands: what the server knows, and the taps it does not know yet -----------

  function standing(state) {
    var here = new Map();
    var walkIns = new Map();
    if (state.standing) {
      state.standing.here.forEach(function (one) { here.set(one.place, one.since); });
      state.standing.walk_ins.forEach(function (one) { walkIns.set(one.id, one); });
    } else {
      lists.here.querySelectorAll('[data-place]').forEach(function (row) {
        here.set(row.getAttribute('data-place'), null);
      });
      lists.here.querySelectorAll('[data-walk-in]').forEach(function (row) {
        walkIns.set(row.getAttribute('data-walk-in'), null);
      });
    }
    state.queue.forEach(function (item) {
      if (item.kind === 'mark' && item.here) here.set(item.place, clock(item.when));
      if (item.kind === 'mark' && !item.here) here.delete(item.place);
      if (item.kind === 'walk-in') walkIns.set(item.id, { id: item.id, name: item.name, institution: item.institution, since: clock(item.when) });
      if (item.kind === 'remove') walkIns.delete(item.id);
    });
    return { here: here, walkIns: walkIns };
  }

  function clock(when) {
    var at = new Date(when);
    var hour = at.getHours() % 12 || 12;
    var minute = at.getMinutes();
    return hour + (minute ? '.' + String(minute + 100).slice(1) : '') + (at.getHours() < 12 ? 'am' : 'pm');
  }

  // ---- drawing --------------------------------------------------------------------------------

  function draw() {
    var state = kept();
    var now = standing(state);
    var focused = document.activeElement;
    order.forEach(function (row) { drawRow(row, now.here); });
    drawWalkIns(now.walkIns);
    var missing = lists.missing.querySelectorAll('[data-place]').length;
    var count = now.here.size + now.walkIns.size;
    // Whoever came without a booking is counted on both sides.
    var expected = order.length + now.walkIns.size;
    text('expected', expected);
    text('here-count', count);
    text('in-count', count);
    text('missing-count', missing);
    document.getElementById('here-bar').setAttribute('width', Math.min(200, count * 200 / Math.max(1, expected)));
    document.getElementById('everyone').hidden = missing > 0 || order.length === 0;
    if (focused && document.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
    document.getElementById('early').hidden = Date.now() >= opens;
    document.getElementById('over').hidden = Date.now() <= ends;
    drawUnsent(state.queue.length);
    drawRefused(state.refused || []);
    if (state.standing && state.standing.late) drawLate(state.standing.late);
    find();
  }

  function text(id, value) {
    var element = document.getElementById(id);
    if (value !== undefined && element.textContent !== String(value)) element.textContent = value;
    return element.textContent;
  }

  function drawRow(row, here) {
    var place = row.getAttribute('data-place');
    var isHere = here.has(place);
    var list = isHere ? lists.here : lists.missing;
    var button = row.querySelector('button');
    row.classList.toggle('door-row--in', isHere);
    button.classList.toggle('btn--line', isHere);
    button.name = isHere ? 'undo' : 'in';
    button.querySelector('.verb').textContent = isHere ? 'Undo' : 'Check in';
    var name = row.querySelector('.door-name').textContent;
    button.querySelector('.vh').textContent = isHere ? ' check-in for ' + name : ' ' + name;
    if (!isHere) since(row, '');
    else if (here.get(place)) since(row, here.get(place));
    if (row.parentNode !== list) {
      var after = order.slice(order.indexOf(row) + 1).find(function (other) { return other.parentNode === list; });
      list.insertBefore(row, after || list.querySelector('[data-walk-in]'));
    }
  }

  function since(row, time) {
    var line = row.querySelector('.since');
    line.textContent = '';
    if (!time) return;
    line.append(document.createElement('br'), 'Here since ' + time);
  }

  function drawWalkIns(walkIns) {
    lists.here.querySelectorAll('[data-walk-in]').forEach(function (row) {
      if (!walkIns.has(row.getAttribute('data-walk-in'))) row.remove();
    });
    walkIns.forEach(function (one, id) {
      if (one && !lists.here.querySelector('[data-walk-in="' + id + '"]')) lists.here.append(walkInRow(one));
    });
  }

  function make(tag, className, words) {
    var element = document.createElement(tag);
    element.className = className;
    if (words) element.textContent = words;
    return element;
  }

  function walkInRow(one) {
    var row = make('li', 'door-row door-row--in');
    row.setAttribute('data-walk-in', one.id);
    row.setAttribute('data-key', folded(one.name) + ' ' + folded(one.institution || ''));
    var about = make('p', 'small muted', (one.institution ? one.institution + '. ' : '') + 'Not on the list'
      + (one.unread ? '. Could not be used: ' + one.unread : ''));
    about.append(make('span', 'since'));
    var who = document.createElement('div');
    who.append(make('p', 'door-name', one.name), about);
    var button = make('button', 'btn btn--line');
    button.name = 'remove';
    button.value = one.id;
    button.append(make('span', 'verb', 'Undo'), make('span', 'vh', ' adding ' + one.name));
    row.append(who, button);
    since(row, one.since);
    return row;
  }

  function drawUnsent(count) {
    var box = document.getElementById('unsent');
    var what = count === 1 ? '1 tap is not sent yet.' : count + ' taps are not sent yet.';
    var why = {
      offline: 'They are kept on this device and go out by themselves when the signal is back.',
      'signed-out': 'They are kept on this device. Sign in again on this device, then open this page to send them.',
      full: 'This device has no room to keep them. Write them down.'
    }[trouble];
    var words = count > 0 && why ? what + ' ' + why : '';
    if (box.textContent === words) return;
    box.textContent = '';
    if (!words) return;
    var notice = make('div', 'notice notice--warn');
    var body = document.createElement('div');
    body.append(make('b', '', what), ' ' + why);
    notice.append(body);
    box.append(notice);
  }

  function list(box, className, head, lines) {
    var words = head + lines.join();
    if (box.getAttribute('data-said') === words) return;
    box.setAttribute('data-said', words);
    box.textContent = '';
    if (lines.length === 0) return;
    var notice = make('div', className);
    var body = document.createElement('div');
    var items = document.createElement('ul');
    lines.forEach(function (line) { items.append(make('li', '', line)); });
    body.append(make('b', '', head), items);
    notice.append(body);
    box.append(notice);
    return body;
  }

  function drawLate(late) {
    list(document.getElementById('late'), 'notice', 'Arrived after closing, and counted:', late);
  }

  // What was not taken stays on the page, and on the device, until somebody has read it.
  function drawRefused(refused) {
    var lines = refused.map(function (one) { return (one.name && !one.asks ? one.name + ': ' : '') + one.why; });
    var box = document.getElementById('refused');
    if (lines.length === 0 && !box.hasAttribute('data-said')) return;
    var body = list(box, 'notice notice--danger', 'Not written down yet:', lines);
    if (!body) return;
    var button = make('button', 'btn btn--line', 'I have read this');
    button.type = 'button';
    button.addEventListener('click', function () {
      var state = kept();
      state.refused = [];
      keep(state);
      draw();
    });
    refused.filter(function (one) { return one.item; }).forEach(function (one) {
      var again = make('button', 'btn', 'Add another ' + one.name);
      again.type = 'button';
      again.addEventListener('click', function () {
        var state = kept();
        state.refused = (state.refused || []).filter(function (other) { return !other.item || other.item.uid !== one.item.uid; });
        keep(state);
        add({ kind: 'walk-in', id: one.item.id, name: one.item.name, institution: one.item.institution, email: one.item.email, again: true });
      });
      body.append(again, ' ');
    });
    body.append(button);
  }

  // ---- sending --------------------------------------------------------------------------------

  function bundle(items) {
    var now = Date.now();
    var of = function (kind) { return items.filter(function (item) { return item.kind === kind; }); };
    var age = function (item) { return Math.max(0, now - item.when) / 1000; };
    return {
      marks: of('mark').map(function (item) { 
        return { place: item.place, here: item.here, age: age(item), uid: item.uid, name: item.name, correction: !!item.correction };
      }),
      walk_ins: of('walk-in').map(function (item) {
        return { id: item.id, name: item.name, institution: item.institution, email: item.email, age: age(item), uid: item.uid, correction: !!item.correction, again: !!item.again };
      }),
      removed: of('remove').map(function (item) { return { id: item.id, uid: item.uid }; })
    };
  }

  function send() {
    if (sending) return;
    sending = true;
    var items = kept().queue.slice(0, 500);
    fetch(path + '/sync', {
      method: 'POST', redirect: 'manual', credentials: 'same-origin', cache: 'no-store',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(bundle(items))
    }).then(function (answer) {
      if (answer.type === 'opaqueredirect' || answer.status === 403) throw new Error('signed-out');
      if (!answer.ok) throw new Error('offline');
      return answer.json();
    }).then(function (answer) {
      // Only what was answered for leaves the queue: the rest is sent again.
      var state = kept();
      state.queue = state.queue.filter(function (item) { return answer.answered.indexOf(item.uid) < 0; });
      state.standing = { here: answer.here, walk_ins: answer.walk_ins, late: answer.late };
      // A question keeps its line, so that it can be added all the same.
      answer.refused.forEach(function (one) {
        if (one.asks) one.item = items.find(function (item) { return item.uid === one.uid; });
      });
      state.refused = (state.refused || []).concat(answer.refused);
      keep(state);
      trouble = '';
      if (state.queue.length === 0 && state.refused.length === 0 && Date.now() > ends + 12 * 3600 * 1000) forget();
      return state.queue.length > 0 && answer.answered.length > 0;
    }).catch(function (error) {
      trouble = error.message === 'signed-out' ? 'signed-out' : 'offline';
      // Somebody else may pick this device up: nothing stays on it but what is not sent.
      if (trouble === 'signed-out' && kept().queue.length === 0) forget();
      return false;
    }).then(function (more) {
      sending = false;
      draw();
      if (more) send();
    });
  }

  // ---- taps -----------------------------------------------------------------------------------

  taps.addEventListener('submit', function (event) {
    var button = event.submitter;
    if (!button) return;
    event.preventDefault();
    if (button.name === 'remove') add({ kind: 'remove', id: button.value });
    else add({ kind: 'mark', place: button.value, here: button.name === 'in', name: nameOf(button) });
  });

  function nameOf(button) {
    var row = button.closest('[data-place]');
    return row ? row.querySelector('.door-name').textContent : undefined;
  }

  document.getElementById('add-form').addEventListener('submit', function (event) {
    var form = event.target;
    var field = function (name) { return form.elements[name].value.trim(); };
    // What needs a word of explanation goes to the server, which has them.
    if (!field('name') || field('email')) return;
    event.preventDefault();
    add({ kind: 'walk-in', id: newId(), name: field('name'), institution: field('institution'), email: '', again: !!form.elements.again });
    form.reset();
    lists.here.lastElementChild.scrollIntoView({ block: 'center' });
  });

  var search = document.getElementById('q');
  search.addEventListener('input', find);
  search.form.addEventListener('submit', function (event) { event.preventDefault(); });

  // The letters of a key, as the server folds them: the rows carry its keys.
  var PLAIN = {
    '\u00e6': 'ae', '\u0153': 'oe', '\u00fe': 'th', '\u00df': 'ss', '\u014b': 'n', '\u0138': 'k', '\u0131': 'i',
    '\u0268': 'i', '\u0111': 'd', '\u00f0': 'd', '\u0257': 'd', '\u0256': 'd', '\u0253': 'b', '\u0192': 'f', '\u0127': 'h',
    '\u0199': 'k', '\u0142': 'l', '\u019a': 'l', '\u0272': 'n', '\u00f8': 'o', '\u0254': 'o', '\u0167': 't', '\u0259': 'e',
    '\u01dd': 'e', '\u025b': 'e', '\u01b4': 'y', '\u01b6': 'z', '\u03c2': '\u03c3'
  };

  function folded(typed) {
    var plain = typed.normalize('NFKD').toLowerCase().normalize('NFKD');
    var kept = plain.replace(/[\u02b9-\u02ff\ua78b\ua78c]|[\u0300-\u036f]|[^\p{L}\p{N}\p{M}\p{Sm}\p{Sc}\p{So}]/gu, '');
    return kept.replace(/[^\x00-\x7f]/gu, function (letter) { return PLAIN[letter] || letter; });
  }

  // A telephone number however it is typed, as far as this country writes it.
  function wanted(typed) {
    var digits = typed.replace(/\(0\)/g, '').replace(/\D/g, '');
    if (digits.length >= 5 && /^[\s\d+().\/'\u2010-\u2015\u200e\u202a\u202c\u00a0-]+$/.test(typed)) {
      return [digits.replace(/^(00)?44(?=\d{9})/, '').replace(/^0+/, '')];
    }
    return typed.split(/\s+/).map(folded).filter(function (word) { return word; });
  }

  function find() {
    var words = wanted(search.value);
    document.querySelectorAll('.door-row').forEach(function (row) {
      var rowKey = row.getAttribute('data-key') || '';
      row.hidden = !words.every(function (word) { return rowKey.indexOf(word) >= 0; });
    });
  }

  // ---- begin ----------------------------------------------------------------------------------

  window.addEventListener('online', send);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) send(); });
  setInterval(function () { if (!document.hidden) send(); }, 10000);
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register(door.getAttribute('data-worker'), { scope: door.getAttribute('data-scope') });
    navigator.serviceWorker.ready.then(function (registration) {
      registration.active.postMessage({
        keep: [path, '/static/app.css', '/static/door.js', '/static/enhance.js', '/static/icons.svg', '/static/favicon.svg']
      });
    });
  }
  draw();
  send();
}());
