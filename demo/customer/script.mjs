// The phone of the page "Be a customer": what it says goes to the stand-in provider, what comes back is asked for.
const words = JSON.parse(document.querySelector('[data-words]').dataset.words);
const byId = (id) => document.getElementById(id);
const pollMs = 1_000;
const keptMax = 200;
const names = [
  'Alex Martin',
  'Samira Haddad',
  'Jules Perrin',
  'Emma Clarke',
  'Luis Ortega',
  'Beatriz Lopes',
  'Noah Lambert',
  'Chloé Garnier',
];

/** Who writes, and what was said, over reloads of the page. */
let customer = read() ?? somebody();
let boot = null;

if (byId('say')) startPhone();
if (byId('provider')) startControls();

function startPhone() {
  show();
  byId('name').addEventListener('change', (event) => {
    customer.name = event.target.value.trim() || customer.name;
    show();
    keep();
  });
  byId('other').addEventListener('click', () => {
    customer = somebody();
    boot = null;
    keep();
    show();
    byId('text').focus();
  });
  byId('text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId('say').requestSubmit();
    }
  });
  byId('say').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = byId('text').value.trim();
    if (text === '') return;
    byId('text').value = '';
    void send(text);
  });
  void poll();
}

async function send(text) {
  const writer = customer;
  const said = { isMine: true, text, at: new Date().toISOString(), note: words.sending };
  add(writer, said);
  const answer = await call('POST', '/demo/whatsapp/messages', { from: writer.number, name: writer.name, text });
  const isTaken = answer.ok && answer.body.hookStatus >= 200 && answer.body.hookStatus < 300;
  said.isBad = !answer.ok;
  said.note = isTaken ? words.taken.replace('{ms}', answer.body.durationMs) : answer.ok ? words.waiting : words.refused;
  // What did not leave can be sent again without typing it again.
  if (!answer.ok && byId('text').value === '') byId('text').value = text;
  keep();
  show();
}

async function poll() {
  const reader = customer;
  const answer = await call('GET', `/demo/whatsapp/messages?to=${reader.number}&after=${boot === null ? 0 : reader.seen}`);
  if (answer.ok) {
    // After a restart of the stand-in its numbers begin again.
    if (answer.body.boot !== boot && boot !== null) reader.seen = 0;
    boot = answer.body.boot;
    for (const { n, id, text, at } of answer.body.items) {
      reader.seen = Math.max(reader.seen, n);
      if (!reader.messages.some((message) => message.id === id)) add(reader, { id, isMine: false, text, at });
    }
  }
  setTimeout(poll, document.hidden ? pollMs * 5 : pollMs);
}

function startControls() {
  byId('provider').addEventListener('change', async (event) => {
    const answer = await call('PUT', '/demo/provider', { mode: event.target.value });
    if (!answer.ok) void watch();
  });
  const again = async () => {
    await watch();
    setTimeout(again, document.hidden ? 10_000 : 2_000);
  };
  void again();
}

async function watch() {
  const answer = await call('GET', '/demo/provider');
  if (answer.ok) {
    const chosen = byId('provider').querySelector(`[value="${CSS.escape(answer.body.mode)}"]`);
    if (chosen) chosen.checked = true;
  }
  const state = answer.ok ? (answer.body.pending > 0 ? words.pending.replace('{n}', answer.body.pending) : '') : words.restarting;
  if (byId('state').textContent !== state) byId('state').textContent = state;
}

async function call(method, url, body) {
  try {
    const response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { ok: response.ok, body: await response.json() };
  } catch {
    return { ok: false, body: {} };
  }
}

function add(writer, message) {
  writer.messages.push(message);
  writer.messages.splice(0, writer.messages.length - keptMax);
  keep();
  show();
}

function show() {
  if (document.activeElement !== byId('name')) byId('name').value = customer.name;
  byId('number').textContent = `+${customer.number.replace(/^(\d{2})(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1 $2 $3 $4 $5 $6')}`;
  const thread = byId('thread');
  const isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  thread.replaceChildren(...(customer.messages.length > 0 ? customer.messages.map(rowOf) : [emptyRow()]));
  if (isAtEnd || customer.messages.at(-1)?.isMine) thread.scrollTop = thread.scrollHeight;
}

function rowOf(message) {
  const row = document.createElement('p');
  row.className = [message.isMine ? 'mine' : 'theirs', message.isBad ? 'bad' : ''].join(' ').trim();
  const note = document.createElement('small');
  const time = new Date(message.at).toLocaleTimeString(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  note.textContent = [time, message.isMine ? message.note : words.answered].filter(Boolean).join(' · ');
  row.append(message.text, note);
  return row;
}

function emptyRow() {
  const row = document.createElement('p');
  row.className = 'none';
  row.textContent = words.empty;
  return row;
}

/** A person with a number that is reserved for fiction. */
function somebody() {
  const name = names[Math.floor(Math.random() * names.length)];
  return { name, number: `336399${80_000 + 1_000 + Math.floor(Math.random() * 9_000)}`, seen: 0, messages: [] };
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem('guichet-customer') ?? 'null');
    return Array.isArray(kept?.messages) && /^\d{11}$/.test(kept.number) ? { ...kept, seen: 0 } : null;
  } catch {
    return null;
  }
}

function keep() {
  try {
    localStorage.setItem('guichet-customer', JSON.stringify(customer));
  } catch {
    // A browser that keeps nothing still has the page's own memory.
  }
}
