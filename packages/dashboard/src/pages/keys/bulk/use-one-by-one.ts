import { type ListedKey, randomUuid } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { readAgain } from '../../../data/change.ts'
import { OF_KEYS } from '../mutations.ts'
import { type AboutKey, type RefusedKey, refusalOf } from './refusal.ts'

/**
 * Changes keys one after the other. What concerns one key alone is noted, and the others are changed; what holds up all of
 * them ends it, and the next call goes on there.
 *
 * @param keys those of the first call: a list that is read again meanwhile changes nothing
 * @param apply changes one key; with the same attempt, a key whose answer was lost gives the same answer again
 */
export function useOneByOne<Input, Result extends object>(
  organization: string,
  keys: readonly ListedKey[],
  apply: (key: ListedKey, input: Input, attempt: string) => Promise<Result>,
) {
  const queries = useQueryClient()
  const [done, setDone] = useState<readonly (AboutKey & (Result | RefusedKey))[]>([])
  const isStopped = useRef(false)
  const isRunning = useRef(false)
  const attempts = useRef(new Map<string, string>())
  const change = useMutation({
    mutationFn: async (input: Input) => {
      isStopped.current = false
      for (const key of keys.slice(done.length)) {
        if (isStopped.current) return
        const asked = JSON.stringify([key.id, input])
        const attempt = attempts.current.get(asked) ?? randomUuid()
        attempts.current.set(asked, attempt)
        const { id, name, environment, consumerName } = key
        const result = await resultOf(() => apply(key, input, attempt))
        setDone((before) => [...before, { id, name, environment, consumerName, ...result }])
      }
    },
    onSettled: () => {
      isRunning.current = false
      void readAgain(queries, organization, OF_KEYS)
    },
  })
  return {
    /** What has become of each key so far, in their order. */
    done,
    isPending: change.isPending,
    error: change.error,
    /** Does nothing while keys are being changed. */
    start: (input: Input) => {
      if (isRunning.current) return
      isRunning.current = true
      change.mutate(input)
    },
    /** Ends it after the key that is being changed. */
    stop: () => {
      isStopped.current = true
    },
  }
}

async function resultOf<Result>(change: () => Promise<Result>): Promise<Result | RefusedKey> {
  try {
    return await change()
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return { refusal }
  }
}
