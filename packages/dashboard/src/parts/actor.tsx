import { useQuery } from '@tanstack/react-query'
import { keyNameQuery, memberNameQuery } from '../data/names.ts'
import { t } from '../texts/texts.ts'

const SYSTEMS = new Map<string, string>(Object.entries(t.audit.systems))
const PARTNER = 'organization/'

/** Who did something: a person or a key by name, a part of the system, or the organization of a partner. */
export function Actor({ organization, id }: { readonly organization: string; readonly id: string }) {
  const member = useQuery({ ...memberNameQuery(organization, id), enabled: id.startsWith('mem_') })
  const key = useQuery({ ...keyNameQuery(organization, id), enabled: id.startsWith('key_') })
  const word = id.startsWith(PARTNER) ? t.audit.partner(id.slice(PARTNER.length)) : SYSTEMS.get(id)
  return <span title={id}>{word ?? member.data ?? key.data ?? id}</span>
}
