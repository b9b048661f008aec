import { useQuery } from '@tanstack/react-query'
import { memberNamesQuery } from '../data/names.ts'
import { Id } from '../parts/id.tsx'
import { usePlace } from '../shell/organization.ts'
import { t } from '../texts/texts.ts'
import { KeyName } from './names.tsx'

const SYSTEMS = new Map<string, string>(Object.entries(t.audit.systems))
const PARTNER = 'organization/'

/** Who made a change: a person, a key, or a part of the system. */
export function ActorName({ actor }: { readonly actor: string }) {
  const system = SYSTEMS.get(actor)
  if (system !== undefined) return system
  if (actor.startsWith(PARTNER)) return t.audit.partner(actor.slice(PARTNER.length))
  return actor.startsWith('mem_') ? <MemberName id={actor} /> : <KeyName id={actor} />
}

function MemberName({ id }: { readonly id: string }) {
  const { organization, may } = usePlace()
  const { data } = useQuery({ ...memberNamesQuery(organization), enabled: may('members.read') })
  return data?.get(id) ?? <Id>{id}</Id>
}
