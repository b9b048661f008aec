/*
 * What the pages of links share, of the portal and of hand-overs: their elements and sections, and how they write times; and
 * the requests of the portal. Texts of the server are only ever inserted as text.
 */

const ANSWER_MS_MAX = 20_000

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} body
 */

/**
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer | undefined>} undefined if the server did not answer
 */
export async function send(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      ...(method === 'POST'
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }
        : {}),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** @param {string} timestamp */
export function timeText(timestamp) {
  return new Date(timestamp).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
}

/**
 * @param {string} id
 * @param {string} text
 */
export function fill(id, text) {
  element(id, HTMLElement).textContent = text
}

/**
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function element(id, type) {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`the page has no ${id}`)
}

/**
 * Asks before something that cannot be undone.
 *
 * @param {{ title: string, text: string, yes: string }} question
 * @returns {Promise<boolean>}
 */
export async function confirmed({ title, text, yes }) {
  const dialog = element('confirm', HTMLDialogElement)
  fill('confirm-title', title)
  fill('confirm-text', text)
  fill('confirm-yes', yes)
  dialog.returnValue = 'no'
  const { promise, resolve } = Promise.withResolvers()
  dialog.addEventListener('close', () => resolve(undefined), { once: true })
  dialog.showModal()
  await promise
  return dialog.returnValue === 'yes'
}

/**
 * Shows one section and lets screen readers read it.
 *
 * @template {string} Section
 * @param {readonly Section[]} sections of the page; the first one is shown when it loads
 * @param {Section} section
 * @param {string} [endedAt] when the link ended
 */
export function showSection(sections, section, endedAt) {
  for (const id of sections) element(id, HTMLElement).hidden = id !== section
  const entered = element(section, HTMLElement)
  const time = entered.querySelector('time')
  if (time !== null && endedAt !== undefined) {
    time.dateTime = endedAt
    time.textContent = timeText(endedAt)
  }
  const heading = entered.querySelector('h1')
  document.title = heading?.textContent ?? document.title
  if (section !== sections[0]) heading?.focus()
}
