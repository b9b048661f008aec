import { useQuery } from '@tanstack/react-query'
import { actorQuery } from '../data/actors.ts'
import { t } from '../texts/texts.ts'

const SYSTEMS = new Map<string, string>(Object.entries(t.audit.systems))
const PARTNER = 'organization/'

/** Who did something: a person or a key by name, a part of the system, or the organization of a partner. */
export function Actor({ organization, id }: { readonly organization: string; readonly id: string }) {
  const { data: name = id } = useQuery(actorQuery(organization, id))
  const word = name.startsWith(PARTNER) ? t.audit.partner(name.slice(PARTNER.length)) : SYSTEMS.get(name)
  return <span title={id}>{word ?? name}</span>
}
