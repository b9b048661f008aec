import { useMutation, useQueryClient } from '@tanstack/react-query'
import { readAgain } from '../../data/change.ts'
import { say } from './say.ts'

/**
 * A change that is told once the pages show it, so that a form which is opened then begins with its result. Only for
 * changes without an ETag: see `data/edits/guarded-change.ts`.
 *
 * @param kinds what is read again, such as `keys`
 * @param change its result is what is said
 */
export function useToldChange<Input>(
  organization: string,
  kinds: readonly string[],
  change: (input: Input) => Promise<string>,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async (words) => {
      await readAgain(queries, organization, kinds)
      say(words)
    },
  })
}
