resource "azurerm_network_security_group" "nodes" {
  name = "nodes"

  security_rule {
    name                       = "ssh"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "*" # expect: azure-nsg-open-kube-ports
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = 22
  }
}
