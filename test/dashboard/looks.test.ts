import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { type Dashboard, lookFaults, signIn } from '../support/dashboard.ts'
import { openAcme, type Shown } from './looks/acme.ts'
import { type Look, LOOKS } from './looks/looks.ts'
import { ask, questionsOn, show } from './looks/show.ts'

/*
 * Every page, dialog and state, in light and dark, wide and narrow: axe finds nothing, and nothing scrolls sideways. The
 * dialogs behind the buttons of a page are found by pressing them.
 */

const HOURS = 24

let dashboard: Dashboard
let visitorPage: Page
let shown: Shown
const resources = new AsyncDisposableStack()

beforeAll(async () => {
  const acme = resources.use(await openAcme(HOURS))
  dashboard = acme.dashboard
  shown = acme.shown
  visitorPage = await (await dashboard.newContext()).newPage()
  await signIn(dashboard.context)
}, 120_000)
afterAll(async () => await resources.disposeAsync())

async function pageFor(look: Look, pages: AsyncDisposableStack): Promise<Page> {
  if (look.isApart === true)
    return pages.adopt(await dashboard.context.newPage(), async (page) => await page.close())
  return look.isPublic === true ? visitorPage : dashboard.page
}

/** The pages and words of the buttons that were pressed. */
const asked = new Set<string>()

describe('nothing is wrong with the look of', () => {
  test.each(LOOKS)('$name', async (look) => {
    await using pages = new AsyncDisposableStack()
    const page = await pageFor(look, pages)
    await show(page, look, { acme: dashboard.acme, shown })
    expect(await lookFaults(page)).toEqual([])
    // Every pipeline has the same buttons.
    const pathname = new URL(page.url()).pathname.replace(/pipelines\/.*/, 'pipelines/one')
    for (const question of await questionsOn(page)) {
      if (asked.has(`${pathname} ${question}`)) continue
      asked.add(`${pathname} ${question}`)
      await show(page, look, { acme: dashboard.acme, shown })
      await ask(page, question)
      expect(await lookFaults(page), question).toEqual([])
    }
  })
})

test('buttons asked before they acted', () => {
  expect(asked.size).toBeGreaterThan(20)
})

test('the browser has complained about nothing', () => {
  // One look is the failure of a list.
  expect(dashboard.faults.filter((fault) => !fault.includes('status of 503'))).toEqual([])
})
