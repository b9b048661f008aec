import { useQuery } from '@tanstack/react-query'
import { keyNameQuery, memberNameQuery } from '../data/names.ts'
import { t } from '../texts/texts.ts'

const SYSTEMS = new Map<string, string>(Object.entries(t.audit.systems))
const PARTNER = 'organization/'
const PORTAL = 'portal-session/'

function wordOf(id: string): string | undefined {
  if (id.startsWith(PARTNER)) return t.audit.partner(id.slice(PARTNER.length))
  return id.startsWith(PORTAL) ? t.audit.portal : SYSTEMS.get(id)
}

/** Who did something: a person or a key by name, a part of the system, the organization of a partner, or a portal link. */
export function Actor({ organization, id }: { readonly organization: string; readonly id: string }) {
  const member = useQuery({ ...memberNameQuery(organization, id), enabled: id.startsWith('mem_') })
  const key = useQuery({ ...keyNameQuery(organization, id), enabled: id.startsWith('key_') })
  return <span title={id}>{wordOf(id) ?? member.data ?? key.data ?? id}</span>
}
