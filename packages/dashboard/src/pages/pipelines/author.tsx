import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Id } from '../../parts/id.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { authorsQuery } from './queries.ts'

/** Who did something: a person by name, a key by its id. */
export function Author({ id }: { readonly id: string }) {
  const { organization, may } = usePlace()
  const { data } = useQuery({ ...authorsQuery(organization), enabled: may('members.read', undefined) })
  if (id === 'setup') return t.pipeline.setup
  const name = data?.get(id)
  if (name !== undefined) return <span title={id}>{name}</span>
  if (!id.startsWith('key_') || !may('keys.read')) return <Id>{id}</Id>
  return (
    <Link to="/organizations/$organization/keys" params={{ organization }} search={{ key: id }}>
      <Id>{id}</Id>
    </Link>
  )
}
