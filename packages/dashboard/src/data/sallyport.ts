import { type Client, createClient } from '@sallyport/sdk'
import { sendingFetch } from './sending/sending-fetch.ts'

/** How long a file may take to arrive, in ms: a little longer than the server waits for one. */
const FILE_MS_MAX = 61 * 60_000

/** The management API, as the person who is signed in. Nothing else in the dashboard sends requests. */
export const sallyport = createClient({ url: location.origin })

/** The same without repetition, for calls of which the person is told at once that they were refused for a while. */
export const sallyportOnce = createClient({ url: location.origin, retries: 0 })

/** The same for one large file, whose way to the server can be watched. It is not sent twice unasked. */
export function sallyportForFile(onSent: (bytes: number) => void): Client {
  return createClient({
    url: location.origin,
    retries: 0,
    attemptMsMax: FILE_MS_MAX,
    fetch: sendingFetch(onSent),
  })
}
