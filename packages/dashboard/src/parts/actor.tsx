import { useQuery } from '@tanstack/react-query'
import { actorQuery } from '../data/actors.ts'
import { t } from '../texts/texts.ts'

/** Who did something, by name. */
export function Actor({ organization, id }: { readonly organization: string; readonly id: string }) {
  const { data } = useQuery(actorQuery(organization, id))
  const name = data ?? id
  return <span title={id}>{name === 'setup' ? t.parts.setUp : name}</span>
}
