import { setTimeout } from 'node:timers/promises'
import { textAt, type ApiClient } from './api-client.ts'

/** How long to wait before something is read again that the server does in its own time, in ms. */
export const POLL_MS = 50

/** Waits for the first delivery of a webhook whose organization has an event. @returns its id */
export async function firstDelivery(api: ApiClient, webhook: string): Promise<string> {
  for (;;) {
    const { items } = await api.must('GET', `${webhook}/deliveries`)
    const [delivery] = Object.values(items ?? {})
    if (delivery !== undefined) return textAt(delivery, 'id')
    await setTimeout(POLL_MS)
  }
}
