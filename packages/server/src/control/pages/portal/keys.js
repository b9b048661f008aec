import { confirmed, element, fill, send, timeText } from './page.js'

/*
 * The list of keys, and what people do with them.
 */

const KEYS = '/v1/portal/keys'
/** More than one consumer can have, so that one page has all. */
const KEYS_MAX = 200

/**
 * @typedef {object} Key
 * @property {string} id
 * @property {string} name
 * @property {string} state
 * @property {string} createdAt
 * @property {string | null} expiresAt
 * @property {{ hint: string, lastUsedAt: string | null }[]} secrets
 */

/** @typedef {import('./page.js').Answer} Answer */

/**
 * @typedef {object} Action
 * @property {string} scope
 * @property {string} label
 * @property {(key: Key) => boolean} applies
 * @property {(key: Key) => { title: string, text: string, yes: string } | undefined} question
 * @property {(key: Key) => Promise<Answer | undefined>} run
 * @property {(key: Key) => string} said
 */

/** @type {readonly Action[]} */
const ACTIONS = [
  {
    scope: 'keys.roll',
    label: 'Roll',
    applies: ({ state }) => state === 'active',
    question: ({ name }) => ({
      title: `Roll “${name}”?`,
      text: 'You get a new token. The old one works for 12 more hours, so that you can replace it without an interruption.',
      yes: 'Roll the key',
    }),
    run: async ({ id }) => await send('POST', `${KEYS}/${id}/roll`),
    said: ({ name }) => `“${name}” has a new token.`,
  },
  {
    scope: 'keys.roll',
    label: 'Finish the roll',
    applies: ({ state }) => state === 'rolling',
    question: ({ name }) => ({
      title: `Finish the roll of “${name}”?`,
      text: 'The old token stops working at once. Software that still uses it is refused.',
      yes: 'End the old token',
    }),
    run: async ({ id }) => await send('POST', `${KEYS}/${id}/roll/finish`),
    said: ({ name }) => `The old token of “${name}” has ended.`,
  },
  {
    scope: 'keys.roll',
    label: 'Undo the roll',
    applies: ({ state }) => state === 'rolling',
    question: ({ name }) => ({
      title: `Undo the roll of “${name}”?`,
      text: 'The new token stops working at once, and the old one stays.',
      yes: 'End the new token',
    }),
    run: async ({ id }) => await send('POST', `${KEYS}/${id}/roll/undo`),
    said: ({ name }) => `The new token of “${name}” has ended.`,
  },
  {
    scope: 'keys.delete',
    label: 'Revoke',
    applies: () => true,
    question: ({ name }) => ({
      title: `Revoke “${name}”?`,
      text: 'All its tokens stop working at once, and the key cannot be restored.',
      yes: 'Revoke the key',
    }),
    run: async ({ id }) => await send('DELETE', `${KEYS}/${id}`),
    said: ({ name }) => `“${name}” was revoked.`,
  },
]

/**
 * Reads the keys anew and shows them.
 *
 * @param {readonly string[]} scopes of the session
 * @param {(answer: Answer | undefined) => void} onRefusal is told an answer that is no success
 */
export async function showKeys(scopes, onRefusal) {
  const canRead = scopes.includes('keys.read')
  element('no-reading', HTMLElement).hidden = canRead
  element('create', HTMLFormElement).hidden = !scopes.includes('keys.create')
  if (!canRead) return
  const answer = await send('GET', `${KEYS}?limit=${KEYS_MAX}`)
  if (answer?.status !== 200) {
    onRefusal(answer)
    return
  }
  const again = async () => await showKeys(scopes, onRefusal)
  /** @type {Key[]} */
  const keys = answer.body.items
  const items = keys.map((key) => itemOf(key, scopes, again, onRefusal))
  element('keys', HTMLUListElement).replaceChildren(...items)
  element('no-keys', HTMLElement).hidden = keys.length > 0
}

/**
 * @param {string} name of the new key
 * @returns {Promise<Answer | undefined>}
 */
export async function createKey(name) {
  const answer = await send('POST', KEYS, { name })
  if (answer?.status === 201) showToken(answer.body)
  return answer
}

/**
 * @param {Key} key
 * @param {readonly string[]} scopes
 * @param {() => Promise<void>} again
 * @param {(answer: Answer | undefined) => void} onRefusal
 */
function itemOf(key, scopes, again, onRefusal) {
  const copy = element('key', HTMLTemplateElement).content.cloneNode(true)
  if (!(copy instanceof DocumentFragment)) throw new Error('a template has a fragment')
  /** @param {string} name @param {string} text */
  const put = (name, text) => {
    const place = copy.querySelector(`.${name}`)
    if (place !== null) place.textContent = text
  }
  const uses = key.secrets.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).toSorted()
  put('name', key.name)
  put('state', key.state)
  put('hint', key.secrets.map(({ hint }) => hint).join(' → '))
  put('created', timeText(key.createdAt))
  put('expires', key.expiresAt === null ? 'never' : timeText(key.expiresAt))
  put('used', uses.length === 0 ? 'never' : timeText(uses.at(-1) ?? ''))
  copy.querySelector('.state')?.classList.toggle('rolling', key.state === 'rolling')
  const buttons = ACTIONS.filter(({ scope, applies }) => scopes.includes(scope) && applies(key)).map(
    (action) => buttonOf(action, key, again, onRefusal),
  )
  copy.querySelector('.actions')?.replaceChildren(...buttons)
  return copy
}

/**
 * @param {Action} action
 * @param {Key} key
 * @param {() => Promise<void>} again
 * @param {(answer: Answer | undefined) => void} onRefusal
 */
function buttonOf(action, key, again, onRefusal) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = action.label
  button.setAttribute('aria-label', `${action.label}: ${key.name}`)
  button.addEventListener('click', () => void act())
  return button

  async function act() {
    if (keepsToken()) return
    const question = action.question(key)
    if (question !== undefined && !(await confirmed(question))) return
    // The answer to an earlier press can have come meanwhile.
    if (keepsToken()) return
    button.disabled = true
    const answer = await action.run(key)
    if (answer?.status === 200) {
      if (answer.body.token !== undefined) showToken(answer.body)
      fill('said', action.said(key))
      await again()
    } else {
      button.disabled = false
      onRefusal(answer)
    }
  }
}

/** @param {{ key: Key, token: string }} made */
function showToken({ key, token }) {
  fill('token', token)
  fill('new-token-title', `The new token of “${key.name}”`)
  element('new-token', HTMLElement).hidden = false
  element('new-token-title', HTMLElement).focus()
}

/** Whether the page shows a token that may not be stored yet. */
export function showsToken() {
  return !element('new-token', HTMLElement).hidden
}

/**
 * Whether the page shows a token, which what the person asked for would remove or replace. Tells the person then what to do
 * first.
 */
export function keepsToken() {
  if (!showsToken()) return false
  fill('said', 'Store the new token first, then press “I have stored it”.')
  element('new-token-title', HTMLElement).focus()
  return true
}

/** Removes the token from the page. */
export function hideToken() {
  fill('token', '')
  element('new-token', HTMLElement).hidden = true
}
