// What this browser keeps for reading without a connection: at most twenty tickets for a day, each sealed with a key that
// cannot be taken out of this browser. Key and tickets stand under the mark of one session and go with it.
const NAME = "tresen-offline";
const MOST = 20;
const LONGEST = 24 * 3600_000;
const SEAL = "AES-GCM";

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

async function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("session");
    request.result.createObjectStore("tickets", { autoIncrement: true });
  };
  return asked(request);
}

async function using(act) {
  const database = await opened();
  try {
    return await act((name, mode = "readonly") => database.transaction(name, mode).objectStore(name));
  } finally {
    database.close();
  }
}

/** Forgets everything, key first. */
export async function empty() {
  await using(async (store) => {
    await asked(store("session", "readwrite").clear());
    await asked(store("tickets", "readwrite").clear());
  });
}

/** Makes the store that of this mark: what was kept under another one is forgotten. */
export async function begin(mark) {
  const session = await using((store) => asked(store("session").get("now")));
  if (session?.mark === mark) return;
  await empty();
  const key = await crypto.subtle.generateKey({ name: SEAL, length: 256 }, false, ["encrypt", "decrypt"]);
  await using((store) => asked(store("session", "readwrite").put({ mark, key }, "now")));
}

/** All kept tickets, the last opened first: { id, number, title, html, at }. What is too old or unreadable is removed. */
export async function kept() {
  const { session, rows, ids } = await using(async (store) => ({
    session: await asked(store("session").get("now")),
    rows: await asked(store("tickets").getAll()),
    ids: await asked(store("tickets").getAllKeys()),
  }));
  const found = [];
  const dead = [];
  for (const [index, row] of rows.entries()) {
    const ticket = Date.now() - row.at < LONGEST && session ? await unsealed(session.key, row) : null;
    if (ticket) found.push({ ...ticket, id: ids[index], at: row.at });
    else dead.push(ids[index]);
  }
  found.sort((one, other) => other.at - one.at);
  await removed([...dead, ...found.splice(MOST).map(({ id }) => id)]);
  return found;
}

/** Keeps a ticket under its number; an earlier copy makes room for it. */
export async function keep(ticket) {
  const earlier = (await kept()).filter(({ number }) => number === ticket.number).map(({ id }) => id);
  const session = await using((store) => asked(store("session").get("now")));
  if (!session) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: SEAL, iv }, session.key, new TextEncoder().encode(JSON.stringify(ticket)));
  await using((store) => asked(store("tickets", "readwrite").add({ iv, data, at: Date.now() })));
  await removed(earlier);
  await kept();
}

/** Forgets one ticket. */
export async function forget(number) {
  await removed((await kept()).filter((ticket) => ticket.number === number).map(({ id }) => id));
}

async function removed(ids) {
  if (ids.length) await using((store) => Promise.all(ids.map((id) => asked(store("tickets", "readwrite").delete(id)))));
}

async function unsealed(key, { iv, data }) {
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: SEAL, iv }, key, data)));
  } catch {
    return null;
  }
}
