import { createKey, hideToken, keepsToken, showKeys, showsToken } from './keys.js'
import { element, fill, send, showSection, timeText } from './page.js'

/*
 * The page of a portal link. It opens the link only when its button is pressed, so that neither previews of links nor
 * prefetching browsers use it up. Reloaded, it goes on with the session of the cookie.
 */

const LINK = /^#([0-9A-Za-z]{32})$/

const SECTIONS = /** @type {const} */ ([
  'start',
  'portal',
  'left',
  'opened',
  'expired',
  'withdrawn',
  'wrong',
  'switched-off',
  'not-here',
  'busy',
  'unreachable',
])

/** @typedef {(typeof SECTIONS)[number]} Section */
/** @typedef {import('./page.js').Answer} Answer */

/**
 * @typedef {object} Portal
 * @property {{ name: string }} organization
 * @property {{ name: string }} consumer
 * @property {readonly string[]} scopes
 * @property {string | null} returnUrl
 * @property {string} expiresAt
 */

/** @type {readonly string[]} */
let scopes = []

const open = element('open', HTMLButtonElement)
open.addEventListener('click', () => void begin())
for (const retry of document.querySelectorAll('.retry')) retry.addEventListener('click', () => void begin())
element('copy', HTMLButtonElement).addEventListener('click', () => void copy())
element('hide', HTMLButtonElement).addEventListener('click', hideToken)
element('leave', HTMLButtonElement).addEventListener('click', () => void leave())
element('create', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  void create()
})
const dialog = element('confirm', HTMLDialogElement)
element('confirm-yes', HTMLButtonElement).addEventListener('click', () => dialog.close('yes'))
element('confirm-no', HTMLButtonElement).addEventListener('click', () => dialog.close('no'))
// A person who pastes the whole link into the address bar of this page changes only its fragment.
addEventListener('hashchange', () => {
  if (!showsToken()) void start()
})
addEventListener('beforeunload', (event) => {
  if (showsToken()) event.preventDefault()
})
void start()

async function start() {
  element('without-script', HTMLElement).hidden = true
  element('with-script', HTMLElement).hidden = false
  if (location.hash !== '') enter(LINK.test(location.hash) ? 'start' : 'wrong')
  else await resume()
}

/** Opens the link, or goes on with the session if the link was opened here. */
async function begin() {
  const [, secret] = LINK.exec(location.hash) ?? []
  if (secret === undefined) {
    await resume()
    return
  }
  open.disabled = true
  const answer = await send('POST', '/v1/portal/open', { secret })
  open.disabled = false
  if (answer?.status === 200) {
    // The link is used up; the address bar and the history need not keep it.
    history.replaceState(null, '', location.pathname)
    await show(answer.body)
  } else {
    enter(answer === undefined ? 'unreachable' : sectionOf(answer), answer?.body.endedAt)
  }
}

async function resume() {
  const answer = await send('GET', '/v1/portal')
  if (answer?.status === 200) await show(answer.body)
  else if (answer?.status === 401) end(answer)
  else enter(answer === undefined ? 'unreachable' : sectionOf(answer))
}

/**
 * The section for a refusal of the link.
 *
 * @param {Answer} answer
 * @returns {Section}
 */
function sectionOf({ status, body: { state } }) {
  if (status === 410 && (state === 'opened' || state === 'expired' || state === 'withdrawn')) return state
  if (status === 410 || status === 400) return 'wrong'
  if (status === 409) return 'switched-off'
  if (status === 403) return 'not-here'
  return status === 429 ? 'busy' : 'unreachable'
}

/** @param {Portal} portal */
async function show(portal) {
  scopes = portal.scopes
  fill('consumer', portal.consumer.name)
  fill('organization', portal.organization.name)
  fill('expires', timeText(portal.expiresAt))
  element('expires', HTMLTimeElement).dateTime = portal.expiresAt
  const back = element('back', HTMLAnchorElement)
  back.hidden = portal.returnUrl === null
  // The server accepts only https, and http on the machine of the browser.
  if (portal.returnUrl !== null) back.href = portal.returnUrl
  enter('portal')
  await Promise.all([showKeys(scopes, refuse), showUsage()])
}

async function showUsage() {
  if (!scopes.includes('usage.read')) return
  const answer = await send('GET', '/v1/portal/usage?limit=200')
  if (answer?.status !== 200) return
  /** @type {{ requests: number, refused: number }[]} */
  const items = answer.body.items
  const requests = items.reduce((sum, item) => sum + item.requests, 0)
  const refused = items.reduce((sum, item) => sum + item.refused, 0)
  fill('usage', `In the last 30 days there were ${requests} requests; ${refused} of them were refused.`)
}

async function create() {
  const button = element('create-key', HTMLButtonElement)
  if (button.disabled || keepsToken()) return
  const name = element('name', HTMLInputElement)
  // A second press would make a second key, whose token replaces that of the first one.
  button.disabled = true
  const answer = await createKey(name.value)
  button.disabled = false
  if (answer?.status !== 201) {
    refuse(answer)
    return
  }
  fill('said', `“${name.value}” was created.`)
  name.value = ''
  await showKeys(scopes, refuse)
}

async function leave() {
  if (keepsToken()) return
  const answer = await send('DELETE', '/v1/portal')
  if (answer?.status === 204 || answer?.status === 401) end(answer)
  else refuse(answer)
}

/** @param {Answer | undefined} answer to a request within the session */
function refuse(answer) {
  if (answer?.status === 401 && !showsToken()) end(answer)
  else if (answer === undefined)
    fill('said', 'The server did not answer. Check your connection and try again.')
  else fill('said', answer.body.detail ?? answer.body.title ?? 'The server refused this.')
}

/** @param {Answer} answer */
function end({ body }) {
  fill('ended-reason', '')
  if (location.hash === '' && typeof body.detail === 'string') fill('ended-reason', body.detail)
  enter('left')
}

async function copy() {
  const token = element('token', HTMLElement)
  try {
    await navigator.clipboard.writeText(token.textContent ?? '')
    fill('said', 'Copied. Now store it.')
  } catch {
    getSelection()?.selectAllChildren(token)
    fill('said', 'Your browser does not allow this. The token is selected: copy it yourself.')
  }
}

/**
 * @param {Section} section
 * @param {string} [endedAt] when the link ended
 */
function enter(section, endedAt) {
  showSection(SECTIONS, section, endedAt)
}
