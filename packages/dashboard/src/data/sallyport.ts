import { createClient } from '@sallyport/sdk'

/** The management API, as the person who is signed in. Nothing else in the dashboard sends requests. */
export const sallyport = createClient({ url: location.origin })
