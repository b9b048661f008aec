/*
 * The elements and sections of the page, and how it writes times. Texts of the server are only ever inserted as text.
 */

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
