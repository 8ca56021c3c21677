resource "azurerm_user_assigned_identity" "cluster" {
  name = "cluster"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name = "kubelet"
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"

  default_node_pool {
    name = "default"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.cluster.id # expect: aks-cluster-identity-shared-with-kubelet
  }
}
