import type { Key } from '@sallyport/sdk'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'
import { usePlace } from '../../../shell/organization.ts'
import { useFinishRoll, useUndoRoll } from '../mutations.ts'
import { RollEnding, RollProgress } from './roll-progress.tsx'
import { readSecretUses, type Roll, rollStartMs, secretUseInput } from './secret-use.ts'

const ASK_MS = 5_000

interface RollSectionProps {
  readonly organization: string
  readonly shown: Key
  readonly roll: Roll
}

function secretUseQuery(organization: string, shown: Key, endMs: number) {
  return queryOptions({
    queryKey: ['secret-use', organization, shown.id, rollStartMs(shown)],
    refetchInterval: ASK_MS,
    queryFn: async ({ signal }) => {
      const input = { ...secretUseInput(shown, endMs, Date.now()), organization }
      return await readSecretUses(sallyport.readUsage(input, { signal }))
    },
  })
}

/** The roll of a key of the organization. */
export function RollSection({ organization, shown, roll }: RollSectionProps) {
  const { may } = usePlace()
  const { data = [] } = useQuery(secretUseQuery(organization, shown, Date.parse(roll.endsAt)))
  const finish = useFinishRoll(organization)
  const undo = useUndoRoll(organization)
  return (
    <RollProgress shown={shown} roll={roll} uses={data}>
      {may('keys.roll', shown.environment ?? undefined) && (
        <RollEnding shown={shown} roll={roll} finish={finish} undo={undo} />
      )}
    </RollProgress>
  )
}
