import type { Page, Request } from 'playwright-core'

const underWay = new WeakMap<Page, Set<Request>>()

/** Notes the requests of a page, from now on. */
export function noteRequests(page: Page): void {
  const requests = new Set<Request>()
  underWay.set(page, requests)
  page.on('request', (request) => requests.add(request))
  page.on('requestfinished', (request) => requests.delete(request))
  page.on('requestfailed', (request) => requests.delete(request))
}

/** As many frames without a request count as rest: an answer is drawn in one, and what it asks for is sent in the next. */
const FRAMES_AT_REST = 4
const NEXT_FRAME = 'new Promise((done) => requestAnimationFrame(done))'

/** Waits until a page waits for no answer, and has drawn those that it got. */
export async function settled(page: Page): Promise<void> {
  const requests = underWay.get(page)
  if (requests === undefined) throw new Error('the requests of this page are not noted')
  for (let frames = 0; frames < FRAMES_AT_REST; frames += 1) {
    await page.evaluate(NEXT_FRAME)
    if (requests.size > 0) frames = -1
  }
}

/** Goes to another address of the pages that are open, as their links do: nothing is loaded anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)
  await settled(page)
}
