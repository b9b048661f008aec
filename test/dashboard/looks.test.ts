import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookFaults } from '../support/dashboard.ts'
import { type Acme, openAcme } from './looks/acme.ts'
import { LOOKS } from './looks/looks.ts'
import { addressOf, ask, pageFor, placeOf, questionsOn, show } from './looks/show.ts'

/*
 * Every page, dialog and state, in light and dark, wide and narrow: axe finds nothing, and nothing scrolls sideways. The
 * dialogs behind the buttons of a page are found by pressing them.
 */

const HOURS = 24

let acme: Acme
/** The addresses whose look is shown as they lead to it. */
let shownPlaces: ReadonlySet<string>

beforeAll(async () => {
  acme = await openAcme(HOURS)
  const plain = LOOKS.filter(({ prepare }) => prepare === undefined)
  shownPlaces = new Set(plain.map((look) => placeOf(addressOf(look, acme.shown))))
})
afterAll(async () => {
  await acme[Symbol.asyncDispose]()
})

/** The pages and words of the buttons that were pressed. */
const asked = new Set<string>()

describe('nothing is wrong with the look of', () => {
  test.each(LOOKS)('$name', async (look) => {
    await using own = await pageFor(look, acme)
    const { page } = own
    await show(page, look, acme)
    expect(await lookFaults(page)).toEqual([])
    for (const question of await questionsOn(page, asked)) {
      await show(page, look, acme)
      const before = placeOf(page.url())
      await ask(page, question)
      const after = placeOf(page.url())
      // The address of some questions is that of another look.
      const isLook = after !== before && shownPlaces.has(after)
      expect(isLook ? [] : await lookFaults(page), question).toEqual([])
    }
  })
})

test('buttons asked before they acted', () => {
  expect(asked.size).toBeGreaterThan(20)
})

test('the browser has complained about nothing', () => {
  // One look is the failure of a list, and one the end of a session.
  const isShown = /status of (401|503)/
  expect(acme.dashboard.faults.filter((fault) => !isShown.test(fault))).toEqual([])
})
