-- One row per keyring of a component in which a value was refused: its fate hangs together with that of
-- all keyrings of the component, which is named by the smallest of them.
-- Grain: (keyring).
select node.keyring, head.keyring as component
from temp.node
left join temp.cluster_of using (node)
join temp.refused_component as component on component.node = coalesce(cluster_of.cluster, node.node)
join temp.node as head on head.node = component.component
where node.is_affected
