-- Health of a ModelDeployment for Argo CD: goes into ConfigMap argocd-cm under
-- resource.customizations.health.modeloperator.io_ModelDeployment.
local health = {status = "Progressing", message = "the operator has not seen this yet"}
if obj.status == nil or obj.status.conditions == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end
local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local function holds(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end
health.message = obj.status.message
if holds("Stalled") then
  health.status = "Degraded"
elseif holds("Paused") then
  health.status = "Suspended"
elseif holds("Reconciling") then
  health.status = "Progressing"
elseif holds("Ready") then
  health.status = "Healthy"
else
  health.status = "Degraded"
end
return health
