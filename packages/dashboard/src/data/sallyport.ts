import { createClient } from '@sallyport/sdk'

/** The management API, as the person who is signed in. Nothing else in the dashboard sends requests. */
export const sallyport = createClient({ url: location.origin })

/** The same without repetition, for calls of which the person is told at once that they were refused for a while. */
export const sallyportOnce = createClient({ url: location.origin, retries: 0 })
