import { useQuery } from '@tanstack/react-query'
import { externalKeysQuery } from '../../../data/external-keys.ts'
import { keyCountQuery } from '../../../data/keys.ts'
import { Tabs } from '../../../parts/tabs.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'

/** Our keys, and those of partners. */
export function KeyTabs() {
  const { organization, environment, may } = usePlace()
  const { data: generated } = useQuery(keyCountQuery(organization, environment))
  const mayReadExternal = may('external-keys.read')
  const { data: external } = useQuery({ ...externalKeysQuery(organization), enabled: mayReadExternal })
  const params = { organization }
  const { tabs, generated: generatedWord, external: externalWord } = t.externalKeys
  if (!mayReadExternal) return null
  return (
    <Tabs
      label={tabs}
      tabs={[
        {
          word: generatedWord,
          count: generated,
          to: { to: '/organizations/$organization/keys', params },
        },
        {
          word: externalWord,
          count: external?.length,
          to: { to: '/organizations/$organization/keys/external', params },
        },
      ]}
    />
  )
}
