import { createRouter } from '@tanstack/react-router'
import { leaveWhenReleased } from '../data/session-end.ts'
import { cancelUpload } from '../pages/keys/imports/upload.ts'
import { onSessionEnd } from './session-end.ts'
import { queries } from './queries.ts'
import { routes } from './routes.tsx'

/** How long a page may take before its skeleton appears, in ms. */
const PENDING_MS = 150

export const router = createRouter({
  routeTree: routes,
  context: { queries },
  defaultPreload: 'intent',
  // Queries know themselves whether what they have is new.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: PENDING_MS,
  scrollRestoration: true,
  // Otherwise routes would see what they did not validate.
  search: { strict: true },
})

// The routes decide again, and lead to the sign-in, but not away from a secret that is shown only once.
onSessionEnd(queries, () => {
  cancelUpload()
  leaveWhenReleased(() => void router.invalidate())
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
