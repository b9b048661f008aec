import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'

/** How long a change waits for the gateways before it answers, in seconds. */
export const WAIT_SECONDS = 5

/** Reads again what the pages show of these kinds of an organization, such as `keys`. */
export async function readAgain(
  queries: QueryClient,
  organization: string,
  kinds: readonly string[],
): Promise<void> {
  await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
}

/** A change; afterwards, what the pages show of these kinds is read again. */
export function useChange<Input, Output>(
  organization: string,
  kinds: readonly string[],
  change: (input: Input) => Promise<Output>,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => void readAgain(queries, organization, kinds),
  })
}
