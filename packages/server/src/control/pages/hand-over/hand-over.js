import { element, fill, showSection, timeText } from './page.js'
import { decryptToken, proofOf, readLink } from './link.js'

/*
 * The page of a hand-over link. It asks the server for nothing until its button is pressed, so that neither previews of
 * links nor prefetching browsers open one. Texts of the server are only ever inserted as text.
 */

const OPEN_URL = '/v1/hand-overs/open'
const ANSWER_MS_MAX = 20_000

const SECTIONS = /** @type {const} */ ([
  'start',
  'shown',
  'opened',
  'expired',
  'withdrawn',
  'switched-off',
  'wrong',
  'unreachable',
  'busy',
  'insecure',
  'unreadable',
])

/** @typedef {(typeof SECTIONS)[number]} Section */
/** @typedef {import('./link.js').HandOver} HandOver */

/**
 * @typedef {object} Opened
 * @property {{ name: string }} organization
 * @property {{ id: string, name: string, environment: string | null, expiresAt: string | null }} key
 * @property {string} nonce
 * @property {string} ciphertext
 */

/** @type {HandOver | undefined} */
let handOver
/** Whether the page shows a key that was not copied. It then stays, whatever is pasted into the address bar. */
let isUnsaved = false

const show = element('show', HTMLButtonElement)
show.addEventListener('click', () => void open())
for (const retry of document.querySelectorAll('.retry')) retry.addEventListener('click', () => void open())
element('copy', HTMLButtonElement).addEventListener('click', () => void copy())
element('token', HTMLElement).addEventListener('copy', () => (isUnsaved = false))
// A person who pastes the whole link into the address bar of this page changes only its fragment.
addEventListener('hashchange', () => {
  if (!isUnsaved) start()
})
addEventListener('beforeunload', (event) => {
  if (isUnsaved) event.preventDefault()
})
start()

function start() {
  handOver = readLink(location.hash)
  fill('token', '')
  fill('copied', '')
  element('without-script', HTMLElement).hidden = true
  element('with-script', HTMLElement).hidden = false
  if (handOver === undefined) enter('wrong')
  else if (!isSecureContext) enter('insecure')
  else enter('start')
}

/** Opens the link. */
async function open() {
  if (handOver === undefined) return
  setBusy(true)
  try {
    await openOnce(handOver)
  } finally {
    setBusy(false)
  }
}

/** @param {HandOver} opening */
async function openOnce(opening) {
  const answer = await send(opening)
  if (answer === undefined) {
    enter('unreachable')
    return
  }
  const { status, body } = answer
  if (status !== 200) {
    enter(sectionOf(status, body), body.endedAt)
    return
  }
  try {
    showToken(await decryptToken(opening, body), body)
  } catch {
    enter('unreadable')
  }
}

/**
 * @param {HandOver} opening
 * @returns {Promise<{ status: number, body: any } | undefined>} undefined if the server did not answer
 */
async function send(opening) {
  try {
    const response = await fetch(OPEN_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: opening.id, proof: await proofOf(opening) }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    return { status: response.status, body: await response.json() }
  } catch {
    return undefined
  }
}

/**
 * The section for a refusal.
 *
 * @param {number} status
 * @param {{ state?: string }} problem
 * @returns {Section}
 */
function sectionOf(status, { state }) {
  if (status === 410) {
    return state === 'opened' || state === 'expired' || state === 'withdrawn' ? state : 'wrong'
  }
  if (status === 409) return 'switched-off'
  if (status === 429) return 'busy'
  return status === 400 ? 'wrong' : 'unreachable'
}

/**
 * @param {string} token
 * @param {Opened} opened
 */
function showToken(token, { key, organization }) {
  fill('token', token)
  fill('key-name', key.name)
  fill('key-id', key.id)
  fill('organization', organization.name)
  fill('environment', key.environment ?? 'all environments')
  fill('expires', key.expiresAt === null ? 'never' : timeText(key.expiresAt))
  isUnsaved = true
  enter('shown')
  // The link is used up; the address bar and the history need not keep it.
  history.replaceState(null, '', location.pathname)
}

async function copy() {
  const token = element('token', HTMLElement)
  try {
    await navigator.clipboard.writeText(token.textContent ?? '')
    isUnsaved = false
    fill('copied', 'Copied. Now store it.')
  } catch {
    getSelection()?.selectAllChildren(token)
    fill('copied', 'Your browser does not allow this. The key is selected: copy it yourself.')
  }
}

/**
 * @param {Section} section
 * @param {string} [endedAt] when the link ended
 */
function enter(section, endedAt) {
  showSection(SECTIONS, section, endedAt)
}

/** @param {boolean} isBusy */
function setBusy(isBusy) {
  for (const button of document.querySelectorAll('button')) button.disabled = isBusy
  show.textContent = isBusy ? 'Opening…' : 'Show the key'
}
