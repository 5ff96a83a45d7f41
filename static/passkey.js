/* Passkeys. A form marked data-passkey asks the device first, and is then sent like any other form
   with what the device answered. Where a browser has no passkeys the form stays hidden, and what is
   marked data-without-passkeys is shown: a link by email always works. */
(function () {
  var able = window.PublicKeyCredential && navigator.credentials && window.fetch;
  if (!able) return;
  document.querySelectorAll('[data-without-passkeys]').forEach(function (one) { one.hidden = true; });
  document.querySelectorAll('[data-passkeys-able]').forEach(function (field) { field.value = 'yes'; });
  document.querySelectorAll('[data-after-passkey]').forEach(function (one) { one.classList.add('btn--line'); });
  document.querySelectorAll('form[data-passkey]').forEach(function (form) {
    form.hidden = false;
    var name = form.querySelector('[name="name"]');
    if (name && !name.value) name.value = device();
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      ask(form);
    });
  });

  // What people call what they hold.
  function device() {
    var agent = navigator.userAgent;
    if (/iPhone/.test(agent)) return 'My iPhone';
    if (/iPad/.test(agent)) return 'My iPad';
    if (/Android/.test(agent)) return /Mobile/.test(agent) ? 'My phone' : 'My tablet';
    if (/Macintosh/.test(agent)) return 'My Mac';
    if (/CrOS/.test(agent)) return 'My Chromebook';
    return 'My computer';
  }

  function ask(form) {
    var creates = form.getAttribute('data-passkey') === 'create';
    var button = form.querySelector('button');
    if (button.getAttribute('aria-disabled') === 'true') return;
    var ceremony;
    button.setAttribute('aria-disabled', 'true');
    say(form, 'Look at your device: it asks for your finger, face or PIN.');
    fetch(form.getAttribute('data-start'), { method: 'POST' })
      .then(function (answer) {
        if (answer.redirected) location.assign(answer.url);
        if (answer.status === 429) throw new Error('Too many tries. Wait a few minutes, then try again.');
        if (!answer.ok || answer.redirected) throw new Error('We could not start. Reload this page and try again.');
        return answer.json();
      })
      .then(function (opened) {
        ceremony = opened.ceremony;
        var options = unpack(opened.options);
        return creates
          ? navigator.credentials.create({ publicKey: options })
          : navigator.credentials.get({ publicKey: options });
      })
      .then(function (key) {
        form.querySelector('[name="ceremony"]').value = ceremony;
        form.querySelector('[name="answer"]').value = JSON.stringify(pack(key));
        say(form, 'Thank you. One moment.');
        form.submit();
      })
      .catch(function (error) {
        button.removeAttribute('aria-disabled');
        say(form, words(error, creates));
      });
  }

  function words(error, creates) {
    if (error.name === 'NotAllowedError') {
      return creates
        ? 'Nothing was added: it was cancelled, or took too long. You can try again.'
        : 'Nothing was found: it was cancelled, took too long, or this device has no passkey for Turnout. Try again, or ask for a link.';
    }
    if (error.name === 'InvalidStateError') return 'This device has a passkey for your account already.';
    if (error.name === 'SecurityError') return 'Passkeys do not work at this address of Turnout. Use the address in our letters.';
    if (error.name === 'Error') return error.message;
    return 'This device could not do it. Ask for a link instead; that always works.';
  }

  function say(form, text) { form.querySelector('[data-said]').textContent = text; }

  // ---- bytes travel as base64url (RFC 4648, section 5) ---------------------------------------------

  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join('');
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function unpack(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ['excludeCredentials', 'allowCredentials'].forEach(function (list) {
      (options[list] || []).forEach(function (key) { key.id = bytes(key.id); });
    });
    return options;
  }

  function pack(key) {
    var response = { clientDataJSON: text(key.response.clientDataJSON) };
    ['attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach(function (part) {
      if (key.response[part]) response[part] = text(key.response[part]);
    });
    return { id: key.id, rawId: text(key.rawId), type: key.type, response: response, clientExtensionResults: {} };
  }
}());
