import { useQuery } from '@tanstack/react-query'
import { externalKeyQuery } from '../../../data/external-keys.ts'
import { AddExternalKey } from './form/add-external-key.tsx'
import { EditExternalKey } from './form/edit-external-key.tsx'
import { ExternalKeyPanel } from './external-key-panel.tsx'
import type { ExternalKeysSearch } from './search.ts'

interface ExternalKeyPanelsProps {
  readonly organization: string
  readonly search: ExternalKeysSearch
  readonly onChange: (change: Partial<ExternalKeysSearch>) => void
}

/** Beside the list: the form of a new key, the details of one, or the form that changes it. */
export function ExternalKeyPanels({ organization, search, onChange }: ExternalKeyPanelsProps) {
  const { external: id, form } = search
  const { data } = useQuery({ ...externalKeyQuery(organization, id ?? ''), enabled: id !== undefined })
  if (id === undefined) {
    return (
      <AddExternalKey
        organization={organization}
        onClose={(added) => onChange({ form: undefined, external: added })}
      />
    )
  }
  if (form === 'edit' && data !== undefined) {
    return (
      <EditExternalKey
        key={id}
        organization={organization}
        shown={data}
        onClose={() => onChange({ form: undefined })}
      />
    )
  }
  return (
    <ExternalKeyPanel
      key={id}
      organization={organization}
      id={id}
      onEdit={() => onChange({ form: 'edit' })}
      onClose={() => onChange({ form: undefined, external: undefined })}
    />
  )
}
