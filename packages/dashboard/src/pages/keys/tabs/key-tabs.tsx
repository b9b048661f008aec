import { useQuery } from '@tanstack/react-query'
import { externalKeysQuery } from '../../../data/external-keys.ts'
import { keyCountQuery } from '../../../data/keys.ts'
import { covers } from '../../../data/permissions.ts'
import { Tabs } from '../../../parts/tabs.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'

/** Our keys, those of partners, and imports of keys that another product has issued. */
export function KeyTabs() {
  const { organization, environment, may, facts } = usePlace()
  const { data: generated } = useQuery(keyCountQuery(organization, environment))
  const mayReadExternal = may('external-keys.read')
  const { data: external } = useQuery({ ...externalKeysQuery(organization), enabled: mayReadExternal })
  const params = { organization }
  const { tabs, generated: generatedWord, external: externalWord } = t.externalKeys
  const mayReadImports = may('keys.create') || covers(facts.permissions, { permission: 'keys.read' })
  if (!mayReadExternal && !mayReadImports) return null
  return (
    <Tabs
      label={tabs}
      tabs={[
        {
          word: generatedWord,
          count: generated,
          to: { to: '/organizations/$organization/keys', params },
        },
        ...(mayReadExternal
          ? [
              {
                word: externalWord,
                count: external?.length,
                to: { to: '/organizations/$organization/keys/external', params } as const,
              },
            ]
          : []),
        ...(mayReadImports
          ? [
              {
                word: t.imports.tab,
                to: { to: '/organizations/$organization/keys/imports', params } as const,
              },
            ]
          : []),
      ]}
    />
  )
}
