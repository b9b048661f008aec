import type { QueryClient } from '@tanstack/react-query'
import { createQueryClient } from '../data/cache/query-client.ts'
import { sessionQuery } from '../data/session.ts'

/** What was read as the person who is signed in. */
export const queries: QueryClient = createQueryClient(() => queries.setQueryData(sessionQuery.queryKey, null))
