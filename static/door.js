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
    return { queue: [], standing: null };
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
    var state = kept();
    item.uid = newId();
    item.when = Date.now();
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
    var expected = Number(text('expected'));
    text('here-count', count);
    text('in-count', count);
    text('missing-count', missing);
    document.getElementById('here-bar').setAttribute('width', Math.min(200, count * 200 / Math.max(1, expected)));
    document.getElementById('everyone').hidden = missing > 0 || expected === 0;
    if (focused && document.contains(focused) && document.activeElement !== focused) focused.focus();
    drawUnsent(state.queue.length);
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
    var about = make('p', 'small muted', (one.institution ? one.institution + '. ' : '') + 'Not on the list');
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

  // ---- sending --------------------------------------------------------------------------------

  function bundle(items) {
    var now = Date.now();
    var of = function (kind) { return items.filter(function (item) { return item.kind === kind; }); };
    var age = function (item) { return Math.max(0, now - item.when) / 1000; };
    return {
      marks: of('mark').map(function (item) { return { place: item.place, here: item.here, age: age(item) }; }),
      walk_ins: of('walk-in').map(function (item) {
        return { id: item.id, name: item.name, institution: item.institution, email: item.email, age: age(item) };
      }),
      removed: of('remove').map(function (item) { return item.id; })
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
      var sent = items.map(function (item) { return item.uid; });
      var state = kept();
      state.queue = state.queue.filter(function (item) { return sent.indexOf(item.uid) < 0; });
      state.standing = answer;
      keep(state);
      trouble = '';
      if (state.queue.length === 0 && Date.now() > ends + 12 * 3600 * 1000) forget();
      return state.queue.length > 0;
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
    else add({ kind: 'mark', place: button.value, here: button.name === 'in' });
  });

  document.getElementById('add-form').addEventListener('submit', function (event) {
    var form = event.target;
    var field = function (name) { return form.elements[name].value.trim(); };
    // What needs a word of explanation goes to the server, which has them.
    if (!field('name') || field('email')) return;
    event.preventDefault();
    add({ kind: 'walk-in', id: newId(), name: field('name'), institution: field('institution'), email: '' });
    form.reset();
    lists.here.lastElementChild.scrollIntoView({ block: 'center' });
  });

  var search = document.getElementById('q');
  search.addEventListener('input', function () {
    var words = search.value.toLowerCase().split(/\s+/);
    document.querySelectorAll('.door-row').forEach(function (row) {
      var shown = row.textContent.toLowerCase();
      row.hidden = !words.every(function (word) { return shown.indexOf(word) >= 0; });
    });
  });
  search.form.addEventListener('submit', function (event) { event.preventDefault(); });

  // ---- begin ----------------------------------------------------------------------------------

  window.addEventListener('online', send);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) send(); });
  setInterval(function () { if (!document.hidden) send(); }, 10000);
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register('/trainer/door-worker.js', { scope: '/trainer/sessions/' });
    navigator.serviceWorker.ready.then(function (registration) {
      registration.active.postMessage({
        keep: [path, '/static/app.css', '/static/door.js', '/static/enhance.js', '/static/icons.svg', '/static/favicon.svg']
      });
    });
  }
  draw();
  send();
}());
